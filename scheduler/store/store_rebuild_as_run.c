/* SPDX-License-Identifier: MIT */
/* store_rebuild_as_run: the lines of the as-run files. */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/as_run_chain.h"
#include "playout/intl.h"
#include "scheduler/store/store_as_run.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_AT_A_TIME = 1000 };

static int is_day(const struct dirent *entry)
{
    return strlen(entry->d_name) == STORE_DATE_SIZE - 1 + strlen(".jsonl") &&
           rebuild_ends_with(entry->d_name, ".jsonl");
}

static bool is_sound_line(const char *line, size_t length)
{
    json_t *object = length <= STORE_LINE_MOST ? json_loadb(line, length, 0, NULL) : NULL;
    const bool is_sound = json_is_object(object) && strlen(line) == length;
    json_decref(object);
    return is_sound;
}

static int put_line(struct rebuild *rebuild, const char *path, struct store_as_run_line *line)
{
    char chain[SHA256_HEX_SIZE];
    rebuild->has_more = rebuild->is_following && rebuild->done.as_run_lines == LINES_AT_A_TIME;
    if (rebuild->has_more) {
        return 0;
    }
    int result = rebuild_begin_row(rebuild);
    if (result != 0) {
        return result;
    }
    line->chain = as_run_chain_of(line->line, strlen(line->line), chain) ? chain : NULL;
    result = store_as_run_put(rebuild->store, line);
    line->chain = NULL;
    rebuild->done.as_run_lines += result == 0;
    return rebuild_end_row(rebuild, result, path, (int)line->number, _("this line"));
}

/* Puts the lines of a day that the store has not yet; one without its end is being written. */
static int put_lines(struct rebuild *rebuild, FILE *in, const char *path,
                     struct store_as_run_line *line, const struct store_rows *known)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length = 0;
    size_t at = 0;
    int result = 0;
    while (result == 0 && !rebuild->has_more && (length = getline(&text, &size, in)) > 0 &&
           text[length - 1] == '\n') {
        text[--length] = '\0';
        line->number++;
        while (at < known->count && store_as_run_at(known, at).number < line->number) {
            at++;
        }
        if (at < known->count && store_as_run_at(known, at).number == line->number) {
            if (strcmp(store_as_run_at(known, at).line, text) != 0) {
                rebuild_warn(rebuild, path, (int)line->number,
                             _("this line is not what the store knows: left out"));
            }
        } else if (!is_sound_line(text, (size_t)length)) {
            rebuild_warn(rebuild, path, (int)line->number, _("this line is damaged: left out"));
        } else {
            line->line = text;
            result = put_line(rebuild, path, line);
        }
    }
    free(text);
    return result;
}

static int rebuild_day(struct rebuild *rebuild, const char *path, const char *channel, int64_t date)
{
    struct store_rows known = {0};
    struct store_as_run_line line = {.channel = channel, .date = date};
    FILE *in = fopen(path, "re");
    if (in == NULL) {
        return rebuild_warn(rebuild, path, 0, strerror(errno));
    }
    int result = store_as_run_list(rebuild->store, channel, date, 0, &known);
    if (result == 0) {
        result = put_lines(rebuild, in, path, &line, &known);
    }
    fclose(in);
    store_rows_finish(&known);
    return result;
}

/* The day of the file called `name`, unless it is before `first`. */
static int take_day(struct rebuild *rebuild, const char *folder, const char *name,
                    const char *channel, int64_t first)
{
    char text[STORE_DATE_SIZE];
    char *path = NULL;
    int64_t date = 0;
    snprintf(text, sizeof(text), "%.10s", name);
    if (store_date_parse(text, &date) < 0 || date < first) {
        return 0;
    }
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        return -ENOMEM;
    }
    free(rebuild->last_file);
    rebuild->last_file = path;
    return rebuild_day(rebuild, path, channel, date);
}

int rebuild_as_run(struct rebuild *rebuild, const char *channel)
{
    struct dirent **entries = NULL;
    int64_t first = INT64_MIN;
    int result = 0;
    if (rebuild->is_following) {
        result = store_as_run_newest(rebuild->store, channel, &first);
        result = result == -ENOENT ? 0 : result;
    }
    char *folder = station_state_path(rebuild->station, "asrun", channel);
    if (folder == NULL) {
        return -ENOMEM;
    }
    const int count = rebuild_list_folder(folder, is_day, &entries);
    if (count < 0) {
        rebuild_warn(rebuild, folder, 0, strerror(-count));
    }
    for (int i = 0; result == 0 && !rebuild->has_more && i < count; i++) {
        result = take_day(rebuild, folder, entries[i]->d_name, channel, first);
    }
    rebuild_free_entries(entries, count);
    free(folder);
    return result;
}
