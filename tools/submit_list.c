/* SPDX-License-Identifier: MIT */
#include "tools/submit_list.h"

#include "playout/intl.h"
#include "tools/submit_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MOST = 10000 };

static int complain(const char *path, int result)
{
    char name[SUBMIT_NAME_SIZE];
    fprintf(stderr, _("ketang submit: %s cannot be read: %s.\n"), submit_name(path, name),
            strerror(-result));
    return result;
}

static int read_bytes(const char *path, char **bytes, size_t *size)
{
    struct stat status;
    FILE *file = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) < 0) {
        const int result = -errno;
        if (fd >= 0) {
            close(fd);
        }
        return result;
    }
    int result = S_ISREG(status.st_mode) ? 0 : -EINVAL;
    result = result == 0 && status.st_size > IMPORT_FILE_BYTES_MOST ? -EFBIG : result;
    *bytes = result == 0 ? malloc((size_t)status.st_size + 1) : NULL;
    file = *bytes != NULL ? fdopen(fd, "rb") : NULL;
    if (file == NULL) {
        free(*bytes);
        close(fd);
        return result < 0 ? result : -ENOMEM;
    }
    *size = fread(*bytes, 1, (size_t)status.st_size, file);
    fclose(file);
    return 0;
}

static int read_list(struct submit_items *items, const char *path)
{
    struct problems problems;
    char name[SUBMIT_NAME_SIZE];
    char *bytes = NULL;
    size_t size = 0;
    int result = read_bytes(path, &bytes, &size);
    if (result < 0) {
        return complain(path, result);
    }
    problems_init(&problems);
    result = film_list_read(submit_name(path, name), bytes, size, &items->list, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    free(bytes);
    return result;
}

/* Films alone: what a list or subtitles are is not handed in by itself. */
static int is_film(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && !film_list_is_called(entry->d_name) &&
           !submit_is_subtitles(entry->d_name) &&
           (entry->d_type == DT_REG || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN);
}

static const struct film_row *row_of(const struct submit_items *items, const char *name)
{
    for (size_t i = 0; i < items->list.count; i++) {
        if (film_list_means(&items->list.rows[i], name)) {
            return &items->list.rows[i];
        }
    }
    return NULL;
}

static void tell(struct submit_items *items, const struct film_row *row, const char *sentence)
{
    char name[SUBMIT_NAME_SIZE];
    fprintf(stderr, _("row %d: "), row->row);
    fprintf(stderr, "%s%s%s.\n", submit_name(row->file, name), row->file[0] != '\0' ? ": " : "",
            sentence);
    items->problems++;
}

/* Rows without a film, and those that mean one that an earlier row means. */
static void check_rows(struct submit_items *items, struct dirent *const *entries, int count,
                       bool *is_left_out)
{
    for (size_t i = 0; i < items->list.count; i++) {
        const struct film_row *row = &items->list.rows[i];
        int found = 0;
        for (int k = 0; k < count; k++) {
            if (!film_list_means(row, entries[k]->d_name)) {
                continue;
            }
            found++;
            if (row_of(items, entries[k]->d_name) != row) {
                tell(items, row, _("it stands in the list twice, and is not handed in"));
                is_left_out[k] = true;
            }
        }
        if (row->file[0] == '\0') {
            tell(items, row, _("it names no file"));
        } else if (found == 0) {
            tell(items, row, _("it is not in the folder"));
        } else if (found > 1) {
            tell(items, row, _("it may be one of several files: write the ending, too"));
            for (int k = 0; k < count; k++) {
                is_left_out[k] = is_left_out[k] || film_list_means(row, entries[k]->d_name);
            }
        }
    }
}

static int add_item(struct submit_items *items, const char *folder, const char *name)
{
    char text[SUBMIT_NAME_SIZE];
    const struct film_row *row = row_of(items, name);
    if (row == NULL) {
        fprintf(stderr, _("%s: the list does not name it: it is left where it is\n"),
                submit_name(name, text));
        items->problems++;
        return 0;
    }
    struct submit_item *item = &items->items[items->count];
    item->row = row;
    if (asprintf(&item->path, "%s/%s", folder, name) < 0) {
        return -ENOMEM;
    }
    items->count++;
    return 0;
}

static int find_films(struct submit_items *items, const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_film, alphasort);
    if (count < 0) {
        return complain(folder, -errno);
    }
    bool *is_left_out = calloc((size_t)count + 1, sizeof(is_left_out[0]));
    items->items = calloc((size_t)count + 1, sizeof(items->items[0]));
    int result = is_left_out != NULL && items->items != NULL ? 0 : -ENOMEM;
    result = result == 0 && count > FILES_MOST ? complain(folder, -E2BIG) : result;
    if (result == 0) {
        check_rows(items, entries, count, is_left_out);
    }
    for (int i = 0; i < count; i++) {
        if (result == 0 && !is_left_out[i]) {
            result = add_item(items, folder, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    free(is_left_out);
    return result;
}

int submit_items_read(struct submit_items *items, const char *list, const char *folder)
{
    const char *slash = strrchr(list, '/');
    char *own = slash == NULL   ? strdup(".")
                : slash == list ? strdup("/")
                                : strndup(list, (size_t)(slash - list));
    *items = (struct submit_items){.count = 0};
    int result = own != NULL ? read_list(items, list) : -ENOMEM;
    result = result < 0 ? result : find_films(items, folder != NULL ? folder : own);
    free(own);
    return result;
}

void submit_items_finish(struct submit_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        free(items->items[i].path);
    }
    free(items->items);
    film_list_finish(&items->list);
    *items = (struct submit_items){.count = 0};
}
