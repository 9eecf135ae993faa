/* SPDX-License-Identifier: MIT */
#include "tools/inbox_folder.h"

#include "playout/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static DIR *open_listing(int at, const char *name)
{
    const int fd = openat(at, name, FOLDER);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    if (listing == NULL && fd >= 0) {
        close(fd);
    }
    return listing;
}

/* --- What there is ------------------------------------------------------------------------ */

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name);
    const size_t part = strlen(ending);
    return length >= part && strcasecmp(name + length - part, ending) == 0;
}

/* What programs write on the way, and what the inbox itself does. */
static bool is_left_alone(const char *name)
{
    static const char *const endings[] = {".part", ".filepart",   ".partial",  ".tmp",
                                          ".temp", ".crdownload", ".download", "~"};
    bool is_so = name[0] == '.' || name[0] == '~' || strcmp(name, INBOX_MATCH_LIST) == 0;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        is_so = is_so || ends_with(name, endings[i]);
    }
    return is_so;
}

/* A lease to read is not given while somebody writes; who may not ask is not told. */
static bool is_open_for_writing(int folder, const char *name)
{
    const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    const bool is_so = fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;
    (void)fcntl(fd, F_SETLEASE, F_UNLCK);
    close(fd);
    return is_so;
}

/* The one that is known, or a new one; NULL: there are too many, or no memory. */
static struct inbox_file *find_file(struct inbox_files *files, const char *school, const char *name)
{
    enum { FIRST = 64 };
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->items[i].name, name) == 0 &&
            strcmp(files->items[i].school, school) == 0) {
            return &files->items[i];
        }
    }
    if (files->count == files->capacity) {
        const size_t capacity = files->capacity > 0 ? 2 * files->capacity : FIRST;
        struct inbox_file *more = files->count < INBOX_FILES_MOST
                                      ? reallocarray(files->items, capacity, sizeof(*more))
                                      : NULL;
        if (more == NULL) {
            return NULL;
        }
        files->items = more;
        files->capacity = capacity;
    }
    struct inbox_file *file = &files->items[files->count++];
    *file = (struct inbox_file){.size = -1};
    snprintf(file->school, sizeof(file->school), "%s", school);
    snprintf(file->name, sizeof(file->name), "%s", name);
    return file;
}

static void see(struct inbox_file *file, const struct stat *status, int64_t now_ms)
{
    enum { SECOND_NS = 1000000000 };
    const int64_t mtime_ns = (int64_t)status->st_mtim.tv_sec * SECOND_NS + status->st_mtim.tv_nsec;
    const int64_t ctime_ms =
        (int64_t)status->st_ctim.tv_sec * 1000 + status->st_ctim.tv_nsec / 1000000;
    if (file->size != status->st_size || file->mtime_ns != mtime_ns || file->ctime_ms != ctime_ms) {
        file->size = status->st_size;
        file->mtime_ns = mtime_ns;
        file->ctime_ms = ctime_ms;
        file->since_ms = now_ms;
        file->is_told = false;
        file->refusal[0] = '\0';
    }
    file->is_there = true;
}

struct look {
    struct inbox_files *files;
    int64_t now_ms;
    int64_t still_ms;
    bool trusts_ctime;
};

static void look_at_school(const struct look *look, int inbox, const char *school)
{
    DIR *listing = open_listing(inbox, school);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        struct stat status;
        if (is_left_alone(entry->d_name) ||
            fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(status.st_mode)) {
            continue;
        }
        struct inbox_file *file = find_file(look->files, school, entry->d_name);
        if (file == NULL) {
            break; /* those that there is room for go first */
        }
        see(file, &status, look->now_ms);
        const int64_t since_ms = look->trusts_ctime ? file->ctime_ms : file->since_ms;
        file->is_still = look->now_ms - since_ms >= look->still_ms &&
                         !is_open_for_writing(dirfd(listing), entry->d_name);
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static void forget_gone(struct inbox_files *files)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (files->items[i].is_there) {
            files->items[kept++] = files->items[i];
        }
    }
    files->count = kept;
}

static int compare_files(const void *a, const void *b)
{
    const struct inbox_file *one = a;
    const struct inbox_file *other = b;
    const int by_school = strcmp(one->school, other->school);
    return by_school != 0 ? by_school : strcmp(one->name, other->name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int list_schools(struct inbox_files *files, DIR *listing)
{
    const struct dirent *entry;
    free(files->schools);
    files->school_count = 0;
    files->schools = calloc(INBOX_SCHOOLS_MOST, sizeof(files->schools[0]));
    if (files->schools == NULL) {
        return -ENOMEM;
    }
    while ((entry = readdir(listing)) != NULL && files->school_count < INBOX_SCHOOLS_MOST) {
        struct stat status;
        if (entry->d_name[0] != '.' &&
            fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(status.st_mode)) {
            snprintf(files->schools[files->school_count++], NAME_MAX + 1, "%s", entry->d_name);
        }
    }
    qsort(files->schools, files->school_count, sizeof(files->schools[0]), compare_names);
    return 0;
}

int inbox_files_look(struct inbox_files *files, const char *path, int64_t now_ms, int64_t still_ms,
                     bool trusts_ctime)
{
    const struct look look = {files, now_ms, still_ms, trusts_ctime};
    DIR *listing = opendir(path);
    if (listing == NULL) {
        return -errno;
    }
    int result = list_schools(files, listing);
    for (size_t i = 0; i < files->count; i++) {
        files->items[i].is_there = false;
    }
    for (size_t i = 0; result == 0 && i < files->school_count; i++) {
        look_at_school(&look, dirfd(listing), files->schools[i]);
    }
    closedir(listing);
    forget_gone(files);
    if (files->count > 0) {
        qsort(files->items, files->count, sizeof(files->items[0]), compare_files);
    }
    return result;
}

void inbox_files_finish(struct inbox_files *files)
{
    free(files->items);
    free(files->schools);
    *files = (struct inbox_files){.count = 0};
}

bool inbox_same_stem(const struct inbox_file *a, const struct inbox_file *b)
{
    const char *dot_a = strrchr(a->name, '.');
    const char *dot_b = strrchr(b->name, '.');
    const size_t length_a = dot_a != NULL ? (size_t)(dot_a - a->name) : strlen(a->name);
    const size_t length_b = dot_b != NULL ? (size_t)(dot_b - b->name) : strlen(b->name);
    return length_a == length_b && strncmp(a->name, b->name, length_a) == 0;
}

/* --- A school's folder ---------------------------------------------------------------------- */

int inbox_folder_open(const char *path, const char *school, int *folder)
{
    const int inbox = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int fd = inbox >= 0 ? openat(inbox, school, FOLDER) : -1;
    int result = fd < 0 ? -errno : 0;
    if (inbox >= 0) {
        close(inbox);
    }
    if (fd < 0) {
        return result;
    }
    (void)mkdirat(fd, "taken", 0770); /* what is wrong with them is seen when they are used */
    (void)mkdirat(fd, "receipts", 0775);
    *folder = fd;
    return 0;
}

void inbox_folder_close(int folder)
{
    close(folder);
}

int inbox_folder_read(int folder, const char *name, size_t most, char **bytes, size_t *size)
{
    struct stat status;
    const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    int result = fstat(fd, &status) < 0 ? -errno : 0;
    result = result == 0 && !S_ISREG(status.st_mode) ? -EINVAL : result;
    result = result == 0 && status.st_size > (int64_t)most ? -EFBIG : result;
    char *read_bytes = result == 0 ? malloc((size_t)status.st_size + 1) : NULL;
    size_t length = 0;
    if (result == 0 && read_bytes == NULL) {
        result = -ENOMEM;
    }
    while (result == 0 && length < (size_t)status.st_size) {
        const ssize_t count = read(fd, read_bytes + length, (size_t)status.st_size - length);
        if (count <= 0) {
            result = count < 0 ? -errno : result;
            break;
        }
        length += (size_t)count;
    }
    close(fd);
    if (result < 0) {
        free(read_bytes);
        return result;
    }
    *bytes = read_bytes;
    *size = length;
    return 0;
}

int inbox_folder_write(int folder, const char *inner, const char *name, const char *bytes,
                       size_t size)
{
    static const char fresh[] = ".new";
    const int at = openat(folder, inner, FOLDER);
    if (at < 0) {
        return -errno;
    }
    (void)unlinkat(at, fresh, 0);
    const int fd = openat(at, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0664);
    int result = fd < 0 ? -errno : durable_write_all(fd, bytes, size);
    if (fd >= 0) {
        result = result == 0 && fsync(fd) < 0 ? -errno : result;
        close(fd);
    }
    if (result == 0 && renameat(at, fresh, at, name) < 0) {
        result = -errno;
    }
    if (result < 0 && fd >= 0) {
        (void)unlinkat(at, fresh, 0);
    }
    close(at);
    return result;
}

int inbox_folder_match_list(int folder, const char *text, size_t size)
{
    char *old = NULL;
    size_t old_size = 0;
    const int has_old = inbox_folder_read(folder, INBOX_MATCH_LIST, 1 << 20, &old, &old_size);
    const bool is_same = has_old == 0 && old_size == size && memcmp(old, text, size) == 0;
    free(old);
    if (size == 0) {
        return unlinkat(folder, INBOX_MATCH_LIST, 0) == 0 || errno == ENOENT ? 0 : -errno;
    }
    return is_same ? 0 : inbox_folder_write(folder, ".", INBOX_MATCH_LIST, text, size);
}

int inbox_folder_time(int folder, const char *inner, const char *name, int64_t *time_ms)
{
    struct stat status;
    const int at = openat(folder, inner, FOLDER);
    if (at < 0) {
        return -errno;
    }
    const int result = fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : -errno;
    close(at);
    if (result == 0) {
        *time_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
    }
    return result;
}

/* --- What was taken ------------------------------------------------------------------------- */

int inbox_folder_take_name(int folder, const char *name, int64_t id)
{
    char to[NAME_MAX + 1];
    const int at = openat(folder, "taken", FOLDER);
    if (at < 0) {
        return -errno;
    }
    /* Too long with its number: the end goes, for nobody reads it here. */
    snprintf(to, sizeof(to), "%lld-%s", (long long)id, name);
    const int result = renameat(folder, name, at, to) == 0 ? 0 : -errno;
    close(at);
    return result;
}

int inbox_folder_take(int folder, const struct inbox_file *file, int64_t id)
{
    struct stat status;
    struct inbox_file now = *file;
    if (fstatat(folder, file->name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT ? 0 : -errno;
    }
    see(&now, &status, 0);
    return now.since_ms == file->since_ms && now.is_told == file->is_told
               ? inbox_folder_take_name(folder, file->name, id)
               : 0;
}

bool inbox_folder_has_taken(int folder, const struct film_row *row)
{
    DIR *listing = open_listing(folder, "taken");
    const struct dirent *entry;
    bool is_there = false;
    while (listing != NULL && !is_there && (entry = readdir(listing)) != NULL) {
        const char *dash = strchr(entry->d_name, '-');
        is_there = dash != NULL && film_list_means(row, dash + 1);
    }
    if (listing != NULL) {
        closedir(listing);
    }
    return is_there;
}
