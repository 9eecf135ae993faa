/* SPDX-License-Identifier: MIT */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int rebuild_warn(struct rebuild *rebuild, const char *file, int line, const char *text)
{
    problems_add(rebuild->problems, PROBLEM_WARNING, file, line, 0, "%s", text);
    return 0;
}

const char *rebuild_short_text(const char *text, size_t most)
{
    return text != NULL && strlen(text) <= most ? text : "";
}

bool rebuild_is_refusal(int result)
{
    return result == -EINVAL || result == -E2BIG || result == -EILSEQ || result == -EEXIST ||
           result == -EALREADY || result == -ENOENT;
}

int rebuild_begin_row(struct rebuild *rebuild)
{
    if (!rebuild->may_write) {
        return REBUILD_NEWS;
    }
    return rebuild->is_careful ? store_mark(rebuild->store) : 0;
}

int rebuild_end_row(struct rebuild *rebuild, int result, const char *file, int line,
                    const char *what)
{
    if (!rebuild->is_careful || (result < 0 && !rebuild_is_refusal(result))) {
        return result;
    }
    if (result < 0) {
        problems_add(rebuild->problems, PROBLEM_WARNING, file, line, 0,
                     _("the store cannot keep %s (%s): left out, the rest is kept"), what,
                     store_error(rebuild->store));
    }
    return store_unmark(rebuild->store, result == 0);
}

bool rebuild_ends_with(const char *name, const char *suffix)
{
    const size_t length = strlen(name);
    return length >= strlen(suffix) && strcmp(name + length - strlen(suffix), suffix) == 0;
}

void rebuild_free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
}

int rebuild_list_folder(const char *folder, int (*is_wanted)(const struct dirent *entry),
                        struct dirent ***entries)
{
    const int count = scandir(folder, entries, is_wanted, alphasort);
    if (count < 0) {
        *entries = NULL;
        return errno == ENOENT ? 0 : -errno;
    }
    return count;
}

static int rebuild_all(struct rebuild *rebuild)
{
    const struct service *service = NULL;
    int result = rebuild_assets(rebuild, NULL);
    for (size_t i = 0; result == 0 && (service = station_service_at(rebuild->station, i)) != NULL;
         i++) {
        result = rebuild_plans(rebuild, service->name);
        if (result == 0) {
            result = rebuild_as_run(rebuild, service->name);
        }
    }
    return result;
}

int store_rebuild(struct store *store, const struct station *station, const struct zone *zone,
                  int64_t now_ms, struct problems *problems, struct store_rebuilt *rebuilt)
{
    struct new_records records = {0};
    struct rebuild rebuild = {.store = store,
                              .records = &records,
                              .station = station,
                              .zone = zone,
                              .now_ms = now_ms,
                              .problems = problems,
                              .may_write = true,
                              .is_careful = true,
                              .due_ms = INT64_MAX};
    int result = store_begin(store);
    if (result < 0) {
        return result;
    }
    result = rebuild_all(&rebuild);
    result = store_end(store, result);
    free(rebuild.last_file);
    new_records_finish(&records);
    if (result == 0) {
        *rebuilt = rebuild.done;
    }
    return result;
}
