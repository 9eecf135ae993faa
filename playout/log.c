/* SPDX-License-Identifier: MIT */
#include "playout/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_SIZE = 1024,
    RECENT = 16, /* lines that are watched for repeats */
    WINDOW_MS = 60000,
};

struct recent {
    char *line;
    enum log_level level;
    int64_t first_ms;
    unsigned repeats;
};

struct log {
    FILE *out;
    bool has_priority;
    struct recent recent[RECENT];
};

struct log *log_create(FILE *out, int has_priority)
{
    struct log *log = calloc(1, sizeof(*log));
    if (log != NULL) {
        log->out = out;
        log->has_priority = has_priority != 0;
    }
    return log;
}

static const char *level_name(enum log_level level)
{
    return level == LOG_LEVEL_ERROR ? "error" : level == LOG_LEVEL_WARNING ? "warning" : "info";
}

static void print(struct log *log, enum log_level level, const char *line, unsigned repeats)
{
    if (log->has_priority) {
        fprintf(log->out, "<%d>", (int)level);
    }
    fprintf(log->out, "%s %s", level_name(level), line);
    if (repeats > 0) {
        fprintf(log->out, " repeats=%u", repeats);
    }
    fputc('\n', log->out);
    fflush(log->out);
}

static void retire(struct log *log, struct recent *recent)
{
    if (recent->repeats > 0) {
        print(log, recent->level, recent->line, recent->repeats);
    }
    free(recent->line);
    *recent = (struct recent){0};
}

void log_destroy(struct log *log)
{
    if (log == NULL) {
        return;
    }
    for (size_t i = 0; i < RECENT; i++) {
        retire(log, &log->recent[i]);
    }
    free(log);
}

void log_tidy(struct log *log, int64_t now_ms)
{
    for (size_t i = 0; i < RECENT; i++) {
        if (log->recent[i].line != NULL && now_ms - log->recent[i].first_ms >= WINDOW_MS) {
            retire(log, &log->recent[i]);
        }
    }
}

/* True when the line is a repeat; else it takes the place of the oldest. */
static bool is_repeat(struct log *log, enum log_level level, int64_t now_ms, const char *line)
{
    struct recent *oldest = &log->recent[0];
    for (size_t i = 0; i < RECENT; i++) {
        struct recent *recent = &log->recent[i];
        if (recent->line != NULL && strcmp(recent->line, line) == 0) {
            recent->repeats++;
            return true;
        }
        if (oldest->line != NULL && (recent->line == NULL || recent->first_ms < oldest->first_ms)) {
            oldest = recent;
        }
    }
    retire(log, oldest);
    *oldest = (struct recent){.line = strdup(line), .level = level, .first_ms = now_ms};
    return false;
}

void log_write(struct log *log, enum log_level level, int64_t now_ms, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    for (char *c = line; *c != '\0'; c++) {
        *c = (unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c; /* a terminal obeys nobody's title */
    }
    log_tidy(log, now_ms);
    if (!is_repeat(log, level, now_ms, line)) {
        print(log, level, line, 0);
    }
}

struct log_quoted log_quote(const char *text)
{
    struct log_quoted quoted;
    size_t size = 0;
    for (; text != NULL && *text != '\0' && size + 3 < sizeof(quoted.text); text++) {
        if (*text == '"' || *text == '\\') {
            quoted.text[size++] = '\\';
        }
        quoted.text[size++] = *text;
    }
    quoted.text[size] = '\0';
    return quoted;
}
