import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Lists by a filter: each index from each side, with every kind of condition looked up beside it.
    static var ofFilters: [PlannedStatement] {
        let ids = (0..<51).map { PlanFilling.userID($0 * 50) }
        return fields.flatMap(ofField) + [false, true].flatMap(ofState) + [
            PlannedStatement(UsersByIDs(ids: ids)),
            PlannedStatement(SearchedUsers(ids: ids, condition: everything)),
            PlannedStatement(SearchedUsers(ids: ids, condition: SearchSQL(all: [], at: now))),
        ]
    }

    private static let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)

    private static var value: SearchField? {
        guard let path = AttributePath("given_name") else { return nil }
        var attribute = ProfileAttribute(path: path, kind: .string)
        attribute.number = 3
        return .value(attribute, isMulti: true)
    }

    private static var fields: [SearchField] {
        [.id, .externalID, .createTime, .updateTime, .name(.email)] + (value.map { [$0] } ?? [])
    }

    private static func key(_ field: SearchField) -> SearchKey {
        switch field {
        case .createTime, .updateTime: .moment(now)
        case .id: .bytes(PlanFilling.userID(7).bytes)
        default: .bytes(Array("user 7".utf8))
        }
    }

    private static var everything: SearchSQL {
        let matches: [SearchCondition] = fields.flatMap { field -> [SearchCondition] in
            let key = key(field)
            let equal = SearchCondition.has(field, .equal(key))
            guard field != .id, !field.hasMoments else { return [equal] }
            return [
                equal, .not(.has(field, .present)), .has(field, .contains([0x75])), .has(field, .endsWith([0x75])),
                .has(field, .range(KeyRange(beginningWith: [0x75]))),
            ]
        }
        let others = UserState.allCases.map(SearchCondition.state) + memberships.map(SearchCondition.member)
        return SearchSQL(all: [.or(matches + others)], at: now)
    }

    private static var memberships: [SearchMembership] {
        let id = PlanFilling.userID(7).bytes
        let held: [SearchMembership.Held] = [
            .role(RoleID(exactly: id)), .group(GroupID(exactly: id)), .anyRole, .anyGroup,
        ]
        return held.flatMap {
            [SearchMembership(held: $0, isDirect: false), SearchMembership(held: $0, isDirect: true)]
        }
    }

    private static func ofField(_ field: SearchField) -> [PlannedStatement] {
        let (key, all) = (key(field), KeyRange(allOf: field))
        var sections = [SearchCandidates.Section.same(key, behind: PlanFilling.userID(9))]
        if field != .id { sections += [.range(all), .range(KeyRange(from: key, to: all.upper))] }
        return [false, true].flatMap { isDescending in
            let first = SearchSQL(firstOf: field, in: all, isDescending: isDescending)
            return sections.flatMap { section in
                [SearchSQL(all: [], at: now), everything, first].map { condition in
                    PlannedStatement(
                        SearchCandidates(
                            field: field,
                            section: section,
                            isDescending: isDescending,
                            condition: condition,
                            limit: 51
                        )
                    )
                }
            }
        }
    }

    private static func ofState(_ isFiltered: Bool) -> [PlannedStatement] {
        UserState.allCases.map { state in
            PlannedStatement(
                SearchCandidates(
                    field: .state,
                    section: .state(state, behind: PlanFilling.userID(9)),
                    isDescending: false,
                    condition: isFiltered ? everything : SearchSQL(all: [], at: now),
                    limit: 51
                )
            )
        }
    }
}
