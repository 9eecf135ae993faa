/* SPDX-License-Identifier: MIT */
/* timetable_calendar: the calendar that a timetable names. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char suffix[] = ".yaml";

/* Where the base names its calendar; NULL: it names none.  *file: which it is. */
static const struct yaml_node *find_name(const struct timetable_store *store,
                                         const struct draft_file **file)
{
    for (size_t i = 0; i < store->file_count; i++) {
        *file = &store->files[i];
        if (timetable_is_base(*file)) {
            return yaml_node_get(yaml_tree_root((*file)->tree), "calendar");
        }
    }
    return NULL;
}

static int is_calendar(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > strlen(suffix) &&
           strcmp(entry->d_name + length - strlen(suffix), suffix) == 0;
}

/* The calendar of a folder that a mistyped one was meant to be: the caller's; NULL: none. */
static char *suggest_calendar(const char *folder, const char *name)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_calendar, alphasort); /* there may be none */
    const char **known = calloc(count > 0 ? (size_t)count + 1 : 1, sizeof(known[0]));
    for (int i = 0; i < count; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - strlen(suffix)] = '\0';
        if (known != NULL) {
            known[i] = entries[i]->d_name;
        }
    }
    const char *meant = known != NULL ? suggest(name, known) : NULL;
    char *copy = meant != NULL ? strdup(meant) : NULL;
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    free(known);
    return copy;
}

static int complain_of_none(const struct draft_file *file, const struct yaml_node *node,
                            const char *folder, const char *name, struct problems *problems)
{
    char *meant = suggest_calendar(folder, name);
    if (meant != NULL) {
        problems_add(problems, PROBLEM_ERROR, file->path, node->line, node->column,
                     _("there is no calendar calendars/%s.yaml beside this file; did you mean "
                       "'%s'?"),
                     name, meant);
    } else {
        problems_add(problems, PROBLEM_ERROR, file->path, node->line, node->column,
                     _("there is no calendar calendars/%s.yaml beside this file"), name);
    }
    free(meant);
    return -EINVAL;
}

int timetable_load_calendar(struct timetable_store *store, const char *path,
                            struct problems *problems)
{
    const struct draft_file *file = NULL;
    const struct yaml_node *node = find_name(store, &file);
    const char *name =
        node != NULL ? reader_text(yaml_tree_root(file->tree), "calendar", NULL) : NULL;
    const char *slash = strrchr(path, '/');
    const int folder_length = slash != NULL ? (int)(slash + 1 - path) : 0;
    char *folder = NULL;
    char *where = NULL;
    int result = -ENOMEM;
    if (name == NULL) {
        return 0;
    }
    if (asprintf(&folder, "%.*scalendars", folder_length, path) < 0 ||
        asprintf(&where, "%s/%s%s", folder, name, suffix) < 0) {
        goto cleanup;
    }
    if (strchr(name, '/') != NULL || (access(where, F_OK) < 0 && errno == ENOENT)) {
        result = complain_of_none(file, node, folder, name, problems);
    } else {
        result = calendar_load(where, where + folder_length, &store->calendar, problems);
        result = result < 0 && result != -ENOMEM ? -EINVAL : result; /* what is wrong is told */
    }

cleanup:
    free(folder);
    free(where);
    return result;
}
