/* The machine's own limits: what a plain C client of libmariadb reaches over the Unix socket.
 *
 *   baseline SOCKET USER DATABASE THREADS SECONDS
 *
 * Prints key=value lines: prepared point SELECTs (one row each) and durable single-row INSERT commits per second, with
 * one thread and with THREADS. Makes and drops the table gatehouse_baseline. */
#include <mysql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 10000 };

static const char *socket_path, *user, *database;
static atomic_bool stop;
static atomic_ullong next_id = ROWS + 1;

struct worker {
    int writes;
    unsigned seed;
    unsigned long long done;
};

static void check(int failed, const char *what, MYSQL *mysql) {
    if (!failed) return;
    fprintf(stderr, "%s: %s\n", what, mysql_error(mysql));
    exit(1);
}

static MYSQL *open_connection(void) {
    MYSQL *mysql = mysql_init(NULL);
    check(!mysql_real_connect(mysql, NULL, user, NULL, database, 0, socket_path, 0), "connect", mysql);
    return mysql;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    MYSQL *mysql = open_connection();
    MYSQL_STMT *statement = mysql_stmt_init(mysql);
    const char *sql = worker->writes ? "INSERT INTO gatehouse_baseline (id, name) VALUES (?, 'a new row of the table')"
                                     : "SELECT id, name FROM gatehouse_baseline WHERE id = ?";
    check(mysql_stmt_prepare(statement, sql, strlen(sql)), "prepare", mysql);
    unsigned long long id = 0, found = 0;
    char name[64];
    unsigned long length = 0;
    MYSQL_BIND parameter = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &id, .is_unsigned = 1};
    MYSQL_BIND columns[2] = {
        {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &found, .is_unsigned = 1},
        {.buffer_type = MYSQL_TYPE_STRING, .buffer = name, .buffer_length = sizeof name, .length = &length},
    };
    check(mysql_stmt_bind_param(statement, &parameter), "bind", mysql);
    if (!worker->writes) check(mysql_stmt_bind_result(statement, columns), "bind", mysql);
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        id = worker->writes ? atomic_fetch_add(&next_id, 1) : (unsigned)rand_r(&worker->seed) % ROWS + 1;
        check(mysql_stmt_execute(statement), "execute", mysql);
        if (!worker->writes) {
            if (mysql_stmt_fetch(statement) != 0 || found != id) check(1, "fetch", mysql);
            mysql_stmt_free_result(statement);
        }
        worker->done++;
    }
    mysql_stmt_close(statement);
    mysql_close(mysql);
    return NULL;
}

static void measure(const char *name, int writes, int threads, double seconds) {
    struct worker *workers = calloc(threads, sizeof *workers);
    pthread_t *handles = calloc(threads, sizeof *handles);
    struct timespec begin, end, pause = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    atomic_store(&stop, 0);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < threads; i++) {
        workers[i] = (struct worker){.writes = writes, .seed = i + 1};
        pthread_create(&handles[i], NULL, work, &workers[i]);
    }
    nanosleep(&pause, NULL);
    atomic_store(&stop, 1);
    unsigned long long total = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        total += workers[i].done;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double elapsed = (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9;
    printf("%s_threads_%d=%.0f\n", name, threads, total / elapsed);
    fflush(stdout);
    free(workers);
    free(handles);
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: baseline SOCKET USER DATABASE THREADS SECONDS\n");
        return 2;
    }
    socket_path = arguments[1], user = arguments[2], database = arguments[3];
    int threads = atoi(arguments[4]);
    double seconds = atof(arguments[5]);
    mysql_library_init(0, NULL, NULL);
    MYSQL *mysql = open_connection();
    check(mysql_query(mysql, "CREATE OR REPLACE TABLE gatehouse_baseline (id BIGINT UNSIGNED PRIMARY KEY, name "
                             "VARCHAR(50) NOT NULL) ENGINE=InnoDB"), "create", mysql);
    check(mysql_query(mysql, "INSERT INTO gatehouse_baseline SELECT seq, CONCAT('row ', seq) FROM seq_1_to_10000"),
          "fill", mysql);
    measure("baseline_point_selects_per_second", 0, 1, seconds);
    if (threads > 1) measure("baseline_point_selects_per_second", 0, threads, seconds);
    measure("baseline_durable_inserts_per_second", 1, 1, seconds);
    if (threads > 1) measure("baseline_durable_inserts_per_second", 1, threads, seconds);
    check(mysql_query(mysql, "DROP TABLE gatehouse_baseline"), "drop", mysql);
    mysql_close(mysql);
    return 0;
}
