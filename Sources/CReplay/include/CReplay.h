#pragma once
#include <stddef.h>
#include <stdint.h>
/* For the load generator: Swift's own module of the C library leaves them out. */
#include <sys/epoll.h>
#include <sys/timerfd.h>

/* Sends prepared batches of commands to PostgreSQL from plain libpq, with nothing decided and nothing computed while the clock runs:
   what the server can take at most. A function that can fail returns a negative number (or NULL) and leaves a sentence in replay_message. */

typedef struct replay replay;

/* Opens connections, each of which first runs the script `setup`. The message of a failure goes to `error`. */
replay *replay_open(const char *connection_string, int connections, const char *setup, char *error, size_t error_size);

/* Prepares a statement on every connection; returns its number. */
int replay_prepare(replay *self, const char *sql, int parameter_count, const uint32_t *types);

/* Keeps a batch: for each command the statement's number and its values, each as a length (-1 for NULL) and as many bytes; all numbers are
   32 bits wide in the machine's order. */
int replay_add(replay *self, const uint8_t *bytes, size_t length);

/* Sends all batches, each as one transaction in one round trip, over all connections at the same time, until none is left or `seconds_max`
   are over. A batch of one command goes without BEGIN and COMMIT. Returns the seconds it took and in `done` how many were committed. */
double replay_run(replay *self, double seconds_max, int *done);

/* Forgets all batches. */
void replay_clear(replay *self);

/* What went wrong. */
const char *replay_message(const replay *self);

void replay_close(replay *self);

/* Runs statements separated by semicolons on a connection of their own. */
int replay_script(const char *connection_string, const char *sql, char *error, size_t error_size);
