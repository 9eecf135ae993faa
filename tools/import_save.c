/* SPDX-License-Identifier: MIT */
#include "tools/import_save.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "scheduler/import/import_keep.h"
#include "scheduler/yaml_tree.h"
#include "tools/import_numbers.h"
#include "tools/import_trial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int import_load(const char *path, size_t most, char **bytes, size_t *size)
{
    enum { CHUNK = 1 << 16 };
    size_t used = 0;
    int result = 0;
    char *read = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return -errno;
    }
    for (;;) {
        char *grown = realloc(read, used + CHUNK);
        if (grown == NULL) {
            result = -ENOMEM;
            break;
        }
        read = grown;
        const size_t got = fread(read + used, 1, CHUNK, file);
        used += got;
        if (got < CHUNK || used > most) {
            result = ferror(file) ? -EIO : 0;
            break;
        }
    }
    fclose(file);
    if (result < 0) {
        free(read);
        return result;
    }
    *bytes = read;
    *size = used;
    return 0;
}

static int compose(const struct import *import, const struct import_output *output, char **text,
                   size_t *size)
{
    FILE *out = open_memstream(text, size);
    if (out == NULL) {
        return -ENOMEM;
    }
    const int result = import_write(import, output, out);
    return fclose(out) != 0 && result == 0 ? -ENOMEM : result;
}

static char *numbered_name(const char *path, const char *suffix, int number)
{
    char *name = NULL;
    char digits[12] = "";
    if (number > 1) {
        snprintf(digits, sizeof(digits), "%d", number);
    }
    return asprintf(&name, "%s.%s%s", path, suffix, digits) < 0 ? NULL : name;
}

char *import_copy_name(const char *path, int number)
{
    return numbered_name(path, "old", number);
}

/* The first that no file has, or the last there may be; the caller frees it.  NULL: no memory. */
static char *free_name(const char *path, const char *suffix)
{
    int number = 1;
    char *name = numbered_name(path, suffix, number);
    while (name != NULL && access(name, F_OK) == 0 && number < IMPORT_COPIES_MOST) {
        free(name);
        name = numbered_name(path, suffix, ++number);
    }
    return name;
}

/* The first name that is free: a copy is never written over. */
static int keep_copy(const char *path, char **copy)
{
    for (int i = 1; i <= IMPORT_COPIES_MOST; i++) {
        *copy = import_copy_name(path, i);
        if (*copy == NULL) {
            return -ENOMEM;
        }
        if (link(path, *copy) == 0) {
            return 0;
        }
        const int result = -errno;
        free(*copy);
        *copy = NULL;
        if (result != -EEXIST) {
            return result;
        }
    }
    return -EOVERFLOW;
}

/* What becomes of a file that is written over. */
struct replaced {
    struct stat was;
    char *copy; /* where it is kept; NULL: not yet */
    struct import_kept kept;
    bool has_kept; /* it was a plain timetable: `kept` is valid */
};

static void replaced_finish(struct replaced *replaced)
{
    import_kept_finish(&replaced->kept);
    free(replaced->copy);
}

/* `old` is where the old file now is. */
static void tell_taken(const struct import *import, const struct replaced *replaced,
                       const char *old)
{
    const struct import_kept *kept = &replaced->kept;
    if (!replaced->has_kept) {
        fputs(_("Nothing of it could be taken over, for it is no plain timetable.\n"), stderr);
        return;
    }
    if (kept->kept != NULL) {
        fprintf(stderr, _("Taken over from it, for the sheet says nothing of them: %s.\n"),
                kept->kept);
    }
    if (import->taken != NULL) {
        fprintf(stderr,
                _("Taken over for the lessons, periods and breaks that stay, where the sheet says "
                  "nothing of them: %s.\n"),
                import->taken);
    }
    if (kept->stray != NULL) {
        fprintf(
            stderr,
            _("These breaks of it have no lesson right before and after them any more, and air all "
              "the same: %s; take out those that belonged to the old periods.\n"),
            kept->stray);
    }
    if (kept->replaced != NULL) {
        fprintf(stderr, _("Replaced by what the sheet says: %s.\n"), kept->replaced);
    }
    if (kept->lost != NULL) {
        fprintf(stderr,
                _("Left out, for they belong to the lessons of the old grid: %s; copy from %s what "
                  "still holds.\n"),
                kept->lost, old);
    }
    if (import->untaken != NULL) {
        fprintf(
            stderr,
            _("These are not in the sheet, and what was set for them is left out: %s; where one "
              "is only called otherwise there, copy it from %s.\n"),
            import->untaken, old);
    }
}

static void tell_kept(const struct import *import, const struct replaced *replaced)
{
    fprintf(stderr, _("The timetable that was there is kept as %s.\n"), replaced->copy);
    tell_taken(import, replaced, replaced->copy);
    fputs(_("See with 'ketang check' whether all of it fits together.\n"), stderr);
}

/* What the old file has besides its grid is lost where it cannot be read: -EBADMSG, and told. */
static int judge_old(const char *path, const char *old, size_t size)
{
    struct yaml_tree *tree = NULL;
    struct problems problems;
    problems_init(&problems);
    int result = yaml_tree_parse(path, old, size, &tree, &problems);
    if (result == -EINVAL) {
        problems_print(&problems, stderr);
        fprintf(stderr,
                _("ketang import: %s is left as it was, for it cannot be read: its breaks, "
                  "repeats, fillers and house numbers would be lost. Correct that mistake, then "
                  "import again; or, if nothing of it is needed, move it to another folder.\n"),
                path);
        result = -EBADMSG;
    }
    yaml_tree_destroy(tree);
    problems_finish(&problems);
    return result;
}

/* The fresh text becomes one that has what is kept of the old file. */
static int take_over(const char *path, struct replaced *replaced, char **text, size_t *size)
{
    char *old = NULL;
    char *merged = NULL;
    size_t old_size = 0;
    size_t merged_size = 0;
    FILE *out = NULL;
    int kept_result = 0;
    int result = stat(path, &replaced->was) == 0 ? 0 : -errno;
    if (result == 0) {
        result = import_load(path, YAML_TREE_BYTES_MOST, &old, &old_size);
    }
    if (result == 0) {
        result = judge_old(path, old, old_size);
    }
    if (result == 0 && (out = open_memstream(&merged, &merged_size)) == NULL) {
        result = -ENOMEM;
    }
    if (result < 0) {
        goto cleanup;
    }
    kept_result = import_keep(old, old_size, *text, *size, out, &replaced->kept);
    if (fclose(out) != 0 || kept_result == -ENOMEM) {
        result = -ENOMEM;
        goto cleanup;
    }
    replaced->has_kept = kept_result == 0;
    if (replaced->has_kept) {
        free(*text);
        *text = merged;
        *size = merged_size;
        merged = NULL;
    }

cleanup:
    free(merged);
    free(old);
    return result;
}

/* Owner and group as far as we may; what the old group might do no other one may. */
static int give_like(int descriptor, const struct stat *was)
{
    mode_t mode = was->st_mode & 07777;
    if (fchown(descriptor, was->st_uid, was->st_gid) < 0 &&
        fchown(descriptor, (uid_t)-1, was->st_gid) < 0) {
        mode &= ~(mode_t)S_IRWXG;
    }
    return fchmod(descriptor, mode) == 0 ? 0 : -errno;
}

static int write_new(const char *path, const struct stat *was, const char *text, size_t size)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int result = descriptor >= 0 ? durable_write_all(descriptor, text, size) : -errno;
    if (result == 0 && was != NULL) {
        result = give_like(descriptor, was);
    }
    if (result == 0 && fsync(descriptor) < 0) {
        result = -errno;
    }
    if (descriptor >= 0 && close(descriptor) < 0 && result == 0) {
        result = -errno;
    }
    return result;
}

/* The old file gets a second name just before it loses its own: -EOVERFLOW when none is free. */
static int replace(const char *temporary, const char *path, struct replaced *replaced)
{
    int result = keep_copy(path, &replaced->copy);
    if (result == 0 && rename(temporary, path) < 0) {
        result = -errno;
        (void)unlink(replaced->copy);
    }
    return result;
}

/* Under a temporary name first.  `replaced` is NULL where no file may be, `like` where none was. */
static int put(const char *path, const struct stat *like, struct replaced *replaced,
               const char *text, size_t size)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.%ld.part", path, (long)getpid()) < 0) {
        return -ENOMEM;
    }
    int result = write_new(temporary, like, text, size);
    if (result == 0 && replaced != NULL) {
        result = replace(temporary, path, replaced);
    } else if (result == 0 && link(temporary, path) < 0) { /* it never replaces a file */
        result = -errno;
    }
    (void)unlink(temporary);
    free(temporary);
    const int synced = result == 0 ? durable_sync_folder(path) : 0;
    if (synced < 0) {
        fprintf(stderr,
                _("ketang import: the disk does not confirm that %s is on it (%s); look at it "
                  "after a loss of power.\n"),
                path, strerror(-synced));
    }
    return result;
}

/* What is wrong with the new text, told by the name that it would be kept by. */
static int try_out(const struct import *import, const struct import_output *output,
                   const struct import_destination *destination, const char *name, const char *text,
                   struct problems *errors)
{
    const struct import_trial trial = {destination->station, output->channel, destination->path,
                                       name};
    struct problems found;
    problems_init(&found);
    const int result = import->is_calendar ? 0 : import_trial(&trial, text, &found);
    for (size_t i = 0; i < found.count; i++) {
        const struct problem *item = &found.items[i];
        if (item->severity == PROBLEM_ERROR) {
            problems_add(errors, item->severity, item->file, item->line, item->column, "%s",
                         item->text);
        }
    }
    problems_finish(&found);
    return result;
}

/* `name` has the new text; the old file is to be kept as `old`, for the numbers it has given. */
static void tell_refused(const struct import *import, const char *path, const char *name,
                         const char *old, const struct replaced *replaced, struct problems *errors)
{
    fprintf(stderr,
            _("ketang import: %s is left as it was: the new timetable has errors, and would not "
              "air.\n"),
            path);
    tell_taken(import, replaced, path);
    problems_print(errors, stderr);
    fprintf(
        stderr,
        _("The new timetable is in %s: correct it there, then put it in place with 'ln %s %s && "
          "mv %s %s', which keeps the old one; or correct the sheet or the files that are there, "
          "and import again.\n"),
        name, path, old, name, path);
}

/*
 * Tries a text that would replace a good file.  0; or -EBADMSG when it has
 * errors, which is told: then it is kept beside the file.
 */
static int try_first(const struct import *import, const struct import_output *output,
                     const struct import_destination *destination, const struct replaced *replaced,
                     const char *text, size_t size)
{
    const char *path = destination->path;
    struct problems errors;
    char *name = free_name(path, "new");
    char *old = free_name(path, "old");
    problems_init(&errors);
    int result = name != NULL && old != NULL
                     ? try_out(import, output, destination, name, text, &errors)
                     : -ENOMEM;
    if (result == 0 && errors.errors > 0) {
        result = put(name, &replaced->was, NULL, text, size);
    }
    if (result == 0 && errors.errors > 0) {
        tell_refused(import, path, name, old, replaced, &errors);
        result = -EBADMSG;
    }
    problems_finish(&errors);
    free(name);
    free(old);
    return result;
}

/* What earlier attempts left has their mistakes, and may not be put in place any more. */
static void tell_outdated(const char *path)
{
    char *names = NULL;
    size_t size = 0;
    FILE *list = open_memstream(&names, &size);
    for (int i = 1; list != NULL && i <= IMPORT_COPIES_MOST; i++) {
        char *name = numbered_name(path, "new", i);
        if (name != NULL && access(name, F_OK) == 0) {
            fprintf(list, " %s", name);
        }
        free(name);
    }
    if (list != NULL && fclose(list) == 0 && size > 0) {
        fprintf(stderr,
                _("Left by attempts that did not succeed, and outdated now: do not put them in "
                  "place; delete them with 'rm%s'.\n"),
                names);
    }
    free(names);
}

static void tell_result(const char *path, int result)
{
    if (result == -EEXIST) {
        fprintf(
            stderr,
            _("ketang import: nothing is written, for %s is there already; choose another name, "
              "or say --force.\n"),
            path);
    } else if (result == -EOVERFLOW) {
        fprintf(stderr,
                _("ketang import: %s is left as it was, for %d older copies of it are kept "
                  "already; move %s.old and those after it to another folder, then try "
                  "again.\n"),
                path, IMPORT_COPIES_MOST, path);
    } else if (result < 0 && result != -EBADMSG) {
        fprintf(stderr, _("ketang import: %s cannot be written: %s.\n"), path, strerror(-result));
    } else if (result == 0) {
        fprintf(stderr, _("%s is written.\n"), path);
    }
}

int import_save_may(const struct import_destination *destination)
{
    const char *path = destination->path;
    const bool is_there = strcmp(path, "-") != 0 && access(path, F_OK) == 0;
    if (is_there && !destination->is_forced) {
        tell_result(path, -EEXIST);
        return -EEXIST;
    }
    return 0;
}

int import_save(const struct import *import, const struct import_output *output,
                const struct import_destination *destination)
{
    const char *path = destination->path;
    if (strcmp(path, "-") == 0) {
        const int result = import_write(import, output, stdout);
        return result == 0 && fflush(stdout) != 0 ? -errno : result;
    }
    char *text = NULL;
    size_t size = 0;
    struct replaced replaced = {0};
    const bool is_there = access(path, F_OK) == 0;
    int result =
        is_there && !destination->is_forced ? -EEXIST : compose(import, output, &text, &size);
    if (result == 0 && is_there) {
        result = take_over(path, &replaced, &text, &size);
    }
    if (result == 0 && is_there) {
        result = try_first(import, output, destination, &replaced, text, size);
    }
    if (result == 0) {
        result =
            put(path, is_there ? &replaced.was : NULL, is_there ? &replaced : NULL, text, size);
    }
    if (result == 0 && is_there) {
        tell_kept(import, &replaced);
    }
    if (result == 0 && (is_there || output->is_addition)) {
        import_numbers_tell(import, output);
    }
    if (result == 0) {
        tell_outdated(path);
    }
    tell_result(path, result);
    replaced_finish(&replaced);
    free(text);
    return result;
}
