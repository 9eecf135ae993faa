/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_remark.h"

#include "playout/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- The file --------------------------------------------------------------------- */

/* The list in the file, or an empty one when there is no file. */
static int read_list(const char *path, json_t **list)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    int result = 0;
    if (file == NULL) {
        *list = errno == ENOENT ? json_array() : NULL;
        return *list != NULL ? 0 : errno == ENOENT ? -ENOMEM : -errno;
    }
    if (fstat(fileno(file), &status) < 0) {
        result = -errno;
    } else if (status.st_size > REMARK_FILE_BYTES_MOST) {
        result = -EFBIG;
    } else {
        *list = json_loadf(file, JSON_REJECT_DUPLICATES, NULL);
        result = json_is_array(*list) ? 0 : -EBADMSG;
    }
    fclose(file);
    if (result < 0) {
        json_decref(*list);
        *list = NULL;
    }
    return result;
}

static char *path_of(const char *folder, const char *date)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s.json", folder, date) >= 0 ? path : NULL;
}

/* --- Reading ----------------------------------------------------------------------- */

static int read_remark(json_t *item, struct report_remark *remark)
{
    json_int_t from = 0;
    json_int_t to = 0;
    json_int_t written_ms = 0;
    const int result =
        json_unpack(item, "{s:I, s:I, s:s, s:s, s:I}", "from", &from, "to", &to, "reason",
                    &remark->reason, "author", &remark->author, "written_ms", &written_ms);
    remark->from = from;
    remark->to = to;
    remark->written_ms = written_ms;
    return result < 0 ? -EBADMSG : 0;
}

static int read_remarks(struct report_remarks *remarks)
{
    size_t i = 0;
    json_t *item = NULL;
    int result = 0;
    remarks->items = calloc(json_array_size(remarks->list) + 1, sizeof(remarks->items[0]));
    if (remarks->items == NULL) {
        return -ENOMEM;
    }
    json_array_foreach(remarks->list, i, item)
    {
        if (result == 0) {
            result = read_remark(item, &remarks->items[remarks->count++]);
        }
    }
    return result;
}

int report_remarks_load(const char *folder, const char *date, struct report_remarks *remarks)
{
    struct report_remarks fresh = {0};
    char *path = path_of(folder, date);
    int result = path != NULL ? read_list(path, &fresh.list) : -ENOMEM;
    if (result == 0) {
        result = read_remarks(&fresh);
    }
    free(path);
    if (result < 0) {
        report_remarks_finish(&fresh);
    }
    *remarks = fresh;
    return result;
}

void report_remarks_finish(struct report_remarks *remarks)
{
    json_decref(remarks->list);
    free(remarks->items);
    *remarks = (struct report_remarks){0};
}

const struct report_remark *report_remarks_find(const struct report_remarks *remarks, int64_t from,
                                                int64_t to)
{
    for (size_t i = remarks->count; i > 0; i--) {
        const struct report_remark *remark = &remarks->items[i - 1];
        if (remark->from < to && from < remark->to) {
            return remark->reason[0] != '\0' ? remark : NULL;
        }
    }
    return NULL;
}

/* --- Writing ----------------------------------------------------------------------- */

/* The folder, made and locked: a file descriptor that the caller closes, or -errno. */
static int lock_folder(const char *folder)
{
    const int made = durable_make_folder(folder);
    if (made < 0) {
        return made;
    }
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0) {
        return fd;
    }
    const int result = -errno;
    if (fd >= 0) {
        close(fd);
    }
    return result;
}

static int append(json_t *list, const struct report_remark *remark)
{
    const size_t author_bytes = strlen(remark->author);
    if (strlen(remark->reason) > REMARK_REASON_MOST || author_bytes == 0 ||
        author_bytes > REMARK_AUTHOR_MOST) {
        return -E2BIG;
    }
    if (json_array_size(list) >= REMARK_REMARKS_MOST) {
        return -EOVERFLOW;
    }
    json_t *item = json_pack("{s:I, s:I, s:s, s:s, s:I}", "from", (json_int_t)remark->from, "to",
                             (json_int_t)remark->to, "reason", remark->reason, "author",
                             remark->author, "written_ms", (json_int_t)remark->written_ms);
    return json_array_append_new(list, item) == 0 ? 0 : -EINVAL; /* no text in UTF-8 */
}

/* Whether it may come in place of what stands. */
static int judge(const struct report_remarks *remarks, const struct report_remark *remark,
                 bool may_replace)
{
    const struct report_remark *stands = report_remarks_find(remarks, remark->from, remark->to);
    if (stands == NULL) {
        return remark->reason[0] != '\0' ? 0 : -ENOENT;
    }
    return may_replace || strcmp(stands->author, remark->author) == 0 ? 0 : -EEXIST;
}

int report_remark_add(const char *folder, const char *date, const struct report_remark *remark,
                      bool may_replace)
{
    struct report_remarks remarks = {0};
    char *path = path_of(folder, date);
    const int lock = path != NULL ? lock_folder(folder) : -ENOMEM;
    int result = lock < 0 ? lock : report_remarks_load(folder, date, &remarks);
    if (result == 0) {
        result = judge(&remarks, remark, may_replace);
    }
    if (result == 0) {
        result = append(remarks.list, remark);
    }
    if (result == 0) {
        result = durable_save_json(path, remarks.list, JSON_INDENT(2));
    }
    if (lock >= 0) {
        close(lock);
    }
    report_remarks_finish(&remarks);
    free(path);
    return result;
}
