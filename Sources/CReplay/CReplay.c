#define _GNU_SOURCE
#include "CReplay.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { parameters_max = 32, statements_max = 64, message_size = 512 };

typedef struct {
    int statement;
    const char *values[parameters_max];
    int lengths[parameters_max];
} command;

typedef struct {
    uint8_t *bytes;
    command *commands;
    int count;
} batch;

struct replay {
    PGconn **connections;
    int connection_count;
    int parameter_counts[statements_max];
    int statement_count;
    batch *batches;
    int batch_count, batch_capacity;
    atomic_int next, done;
    atomic_bool failed;
    double deadline;
    char message[message_size];
};

typedef struct {
    replay *self;
    PGconn *connection;
    pthread_t thread;
} worker;

static const int binary[parameters_max] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Only the first failure is told. */
static int fail(replay *self, const char *text) {
    if (!atomic_exchange(&self->failed, true)) snprintf(self->message, message_size, "%s", text);
    return -1;
}

static bool is_good(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static PGconn *connect_and_set_up(const char *connection_string, const char *setup, char *error, size_t error_size) {
    PGconn *connection = PQconnectdb(connection_string);
    if (PQstatus(connection) != CONNECTION_OK) {
        snprintf(error, error_size, "%s", PQerrorMessage(connection));
        PQfinish(connection);
        return NULL;
    }
    PGresult *result = PQexec(connection, setup);
    bool good = is_good(result) || PQresultStatus(result) == PGRES_EMPTY_QUERY;
    PQclear(result);
    if (good) return connection;
    snprintf(error, error_size, "%s", PQerrorMessage(connection));
    PQfinish(connection);
    return NULL;
}

replay *replay_open(const char *connection_string, int connections, const char *setup, char *error, size_t error_size) {
    replay *self = calloc(1, sizeof *self);
    self->connections = calloc((size_t)connections, sizeof *self->connections);
    for (int i = 0; i < connections; i++) {
        self->connections[i] = connect_and_set_up(connection_string, setup, error, error_size);
        if (self->connections[i] == NULL) {
            replay_close(self);
            return NULL;
        }
        self->connection_count++;
    }
    if (replay_prepare(self, "BEGIN", 0, NULL) == 0 && replay_prepare(self, "COMMIT", 0, NULL) == 1) return self;
    snprintf(error, error_size, "%s", self->message);
    replay_close(self);
    return NULL;
}

static const char *statement_name(int number, char *buffer, size_t size) {
    snprintf(buffer, size, "replay_%d", number);
    return buffer;
}

int replay_prepare(replay *self, const char *sql, int parameter_count, const uint32_t *types) {
    if (self->statement_count == statements_max) return fail(self, "too many statements");
    if (parameter_count > parameters_max) return fail(self, "too many parameters");
    char name[32];
    statement_name(self->statement_count, name, sizeof name);
    for (int i = 0; i < self->connection_count; i++) {
        PGresult *result = PQprepare(self->connections[i], name, sql, parameter_count, types);
        bool good = is_good(result);
        PQclear(result);
        if (!good) return fail(self, PQerrorMessage(self->connections[i]));
    }
    self->parameter_counts[self->statement_count] = parameter_count;
    return self->statement_count++;
}

static int read_number(const uint8_t **cursor) {
    int32_t value;
    memcpy(&value, *cursor, sizeof value);
    *cursor += sizeof value;
    return value;
}

static void read_command(replay *self, const uint8_t **cursor, command *into) {
    into->statement = read_number(cursor);
    for (int i = 0; i < self->parameter_counts[into->statement]; i++) {
        int length = read_number(cursor);
        into->values[i] = length < 0 ? NULL : (const char *)*cursor;
        into->lengths[i] = length < 0 ? 0 : length;
        *cursor += into->lengths[i];
    }
}

int replay_add(replay *self, const uint8_t *bytes, size_t length) {
    if (self->batch_count == self->batch_capacity) {
        self->batch_capacity = self->batch_capacity == 0 ? 64 : self->batch_capacity * 2;
        self->batches = realloc(self->batches, (size_t)self->batch_capacity * sizeof *self->batches);
    }
    batch *added = &self->batches[self->batch_count++];
    *added = (batch){.bytes = malloc(length), .commands = calloc(statements_max, sizeof(command))};
    memcpy(added->bytes, bytes, length);
    const uint8_t *cursor = added->bytes;
    while (cursor < added->bytes + length) {
        if (added->count == statements_max) return fail(self, "too many commands in a batch");
        read_command(self, &cursor, &added->commands[added->count++]);
    }
    added->commands = realloc(added->commands, (size_t)added->count * sizeof(command));
    return self->batch_count;
}

static bool send_command(replay *self, PGconn *connection, const command *what) {
    char name[32];
    int count = self->parameter_counts[what->statement];
    return PQsendQueryPrepared(
        connection, statement_name(what->statement, name, sizeof name), count, what->values, what->lengths, binary, 1
    );
}

static bool send_batch(replay *self, PGconn *connection, const batch *what) {
    static const command begin = {.statement = 0}, commit = {.statement = 1};
    bool alone = what->count == 1;
    if (!alone && !send_command(self, connection, &begin)) return false;
    for (int i = 0; i < what->count; i++) {
        if (!send_command(self, connection, &what->commands[i])) return false;
    }
    if (!alone && !send_command(self, connection, &commit)) return false;
    return PQpipelineSync(connection);
}

static bool receive_batch(replay *self, PGconn *connection, int results) {
    for (int i = 0; i < results; i++) {
        PGresult *result;
        while ((result = PQgetResult(connection)) != NULL) {
            if (!is_good(result)) fail(self, PQresultErrorMessage(result));
            PQclear(result);
        }
    }
    PGresult *sync = PQgetResult(connection);
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC) fail(self, PQerrorMessage(connection));
    PQclear(sync);
    return !atomic_load(&self->failed);
}

static void *work(void *argument) {
    worker *own = argument;
    replay *self = own->self;
    while (!atomic_load(&self->failed) && now() < self->deadline) {
        int index = atomic_fetch_add(&self->next, 1);
        if (index >= self->batch_count) break;
        const batch *what = &self->batches[index];
        int results = what->count == 1 ? 1 : what->count + 2;
        if (!send_batch(self, own->connection, what)) {
            fail(self, PQerrorMessage(own->connection));
        } else if (receive_batch(self, own->connection, results)) {
            atomic_fetch_add(&self->done, 1);
        }
    }
    return NULL;
}

double replay_run(replay *self, double seconds_max, int *done) {
    worker *workers = calloc((size_t)self->connection_count, sizeof *workers);
    atomic_store(&self->next, 0);
    atomic_store(&self->done, 0);
    for (int i = 0; i < self->connection_count; i++) PQenterPipelineMode(self->connections[i]);
    double start = now();
    self->deadline = start + seconds_max;
    for (int i = 0; i < self->connection_count; i++) {
        workers[i] = (worker){.self = self, .connection = self->connections[i]};
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (int i = 0; i < self->connection_count; i++) pthread_join(workers[i].thread, NULL);
    double seconds = now() - start;
    for (int i = 0; i < self->connection_count; i++) PQexitPipelineMode(self->connections[i]);
    free(workers);
    *done = atomic_load(&self->done);
    return atomic_load(&self->failed) ? -1 : seconds;
}

void replay_clear(replay *self) {
    for (int i = 0; i < self->batch_count; i++) {
        free(self->batches[i].bytes);
        free(self->batches[i].commands);
    }
    self->batch_count = 0;
}

const char *replay_message(const replay *self) { return self->message; }

void replay_close(replay *self) {
    replay_clear(self);
    for (int i = 0; i < self->connection_count; i++) PQfinish(self->connections[i]);
    free(self->batches);
    free(self->connections);
    free(self);
}

int replay_script(const char *connection_string, const char *sql, char *error, size_t error_size) {
    PGconn *connection = connect_and_set_up(connection_string, sql, error, error_size);
    if (connection == NULL) return -1;
    PQfinish(connection);
    return 0;
}
