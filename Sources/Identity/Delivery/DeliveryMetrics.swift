import Metrics

/// What delivery tells the outside.
enum DeliveryMetrics {
    /// How long the message that is due first has waited.
    static func queueAge(_ age: Duration) {
        let seconds = Double(age.components.seconds) + Double(age.components.attoseconds) / 1e18
        Gauge(label: "gatehouse_outbox_age_seconds").record(seconds)
    }

    /// A message came to its end.
    static func finished(_ state: OutboxState) {
        Counter(label: "gatehouse_outbox_messages_total", dimensions: [("outcome", "\(state)")]).increment()
    }

    /// An attempt failed and will be repeated.
    static func postponed() {
        Counter(label: "gatehouse_outbox_retries_total").increment()
    }
}
