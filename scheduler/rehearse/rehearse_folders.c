/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_folders.h"

#include "playout/asset.h"
#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/suggest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static char *join(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name);
    return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* Calls `take` with each name of a folder until one fails; a missing folder has none. */
static int each(const char *folder, int (*take)(void *self, const char *folder, const char *name),
                void *self)
{
    int result = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    for (const struct dirent *entry = NULL; result == 0 && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.') {
            result = take(self, folder, entry->d_name);
        }
    }
    closedir(dir);
    return result;
}

static int note_one(void *self, const char *folder, const char *name)
{
    (void)folder;
    (void)name;
    *(bool *)self = true;
    return 0;
}

static int copy_file(const char *from, const char *to)
{
    struct stat status;
    int result = 0;
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    const int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    if (in < 0 || out < 0 || fstat(in, &status) < 0) {
        result = -errno;
    }
    for (off_t left = result == 0 ? status.st_size : 0; left > 0 && result == 0;) {
        const ssize_t sent = sendfile(out, in, NULL, (size_t)left);
        result = sent <= 0 ? (sent < 0 ? -errno : -EIO) : 0;
        left -= sent > 0 ? sent : 0;
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0 && close(out) < 0 && result == 0) {
        result = -errno;
    }
    return result;
}

/* --- Media ---------------------------------------------------------------------------- */

struct linking {
    const char *to;
    const struct rehearse_fault *faults;
    size_t count;
    const char *house_number; /* of what arrives; NULL: all that is not held back */
    int64_t at_ms;
    int linked;
    bool *seen; /* of each fault: there is such media */
};

/* True when the record is of what is held back at first. */
static bool is_held_back(const struct linking *linking, const char *house_number)
{
    bool is = false;
    for (size_t i = 0; i < linking->count; i++) {
        const struct rehearse_fault *fault = &linking->faults[i];
        if ((fault->kind == FAULT_MISSING || fault->kind == FAULT_LATE) &&
            strcmp(fault->what, house_number) == 0) {
            linking->seen[i] = true;
            is = true;
        }
    }
    return is;
}

static int link_one(const struct linking *linking, const char *folder, const char *sha256,
                    const char *suffix)
{
    char *from = asset_path(folder, sha256, suffix);
    char *to = asset_path(linking->to, sha256, suffix);
    int result = from != NULL && to != NULL ? 0 : -ENOMEM;
    if (result == 0 && symlink(from, to) < 0 && errno != EEXIST) {
        result = -errno;
    }
    free(from);
    free(to);
    return result;
}

static int link_asset(struct linking *linking, const char *folder, struct asset_record *record)
{
    int result = link_one(linking, folder, record->sha256, "mp4");
    if (result == 0) {
        result = link_one(linking, folder, record->sha256, "idx");
    }
    if (result == 0 && linking->house_number == NULL) {
        return link_one(linking, folder, record->sha256, "json");
    }
    if (result == 0) {
        char *path = asset_path(linking->to, record->sha256, "json");
        record->created_ms = linking->at_ms;
        result = path != NULL ? asset_record_save(path, record) : -ENOMEM;
        free(path);
    }
    linking->linked++;
    return result;
}

static int take_media(void *self, const char *folder, const char *name)
{
    struct linking *linking = self;
    struct asset_record record = {0};
    if (!ends_with(name, ".json")) {
        return 0;
    }
    char *path = join(folder, name);
    int result = path != NULL ? 0 : -ENOMEM;
    if (result == 0 && asset_record_load(path, &record) == 0) {
        const bool is_wanted = linking->house_number != NULL
                                   ? strcmp(record.house_number, linking->house_number) == 0
                                   : !is_held_back(linking, record.house_number);
        result = is_wanted ? link_asset(linking, folder, &record) : 0;
        asset_record_finish(&record);
    }
    free(path);
    return result;
}

/* The house numbers that there are, with a NULL behind the last. */
struct names {
    char **items;
    size_t count;
};

static int collect_name(void *self, const char *folder, const char *name)
{
    struct names *names = self;
    struct asset_record record = {0};
    if (!ends_with(name, ".json")) {
        return 0;
    }
    char *path = join(folder, name);
    char **grown = realloc(names->items, (names->count + 2) * sizeof(grown[0]));
    names->items = grown != NULL ? grown : names->items;
    const bool is_there = path != NULL && grown != NULL && asset_record_load(path, &record) == 0;
    if (is_there) {
        grown[names->count++] = record.house_number;
        grown[names->count] = NULL;
        record.house_number = NULL;
        asset_record_finish(&record);
    }
    free(path);
    return path != NULL && grown != NULL ? 0 : -ENOMEM;
}

/* Which one may be meant, or how to have it. */
static void complain_unknown(const struct rehearse_folders *folders,
                             const struct rehearse_fault *fault, struct problems *problems)
{
    struct names names = {0};
    const int result = each(folders->media, collect_name, &names);
    const char *meant = result == 0 && names.count > 0
                            ? suggest(fault->what, (const char *const *)names.items)
                            : NULL;
    if (meant != NULL) {
        problems_add(problems, PROBLEM_ERROR, folders->media, 0, 0,
                     _("no file here has the house number '%s' of fault '%s'; is %s meant?"),
                     fault->what, fault->text, meant);
    } else {
        problems_add(problems, PROBLEM_ERROR, folders->media, 0, 0,
                     _("no file here has the house number '%s' of fault '%s'; `ketang ingest "
                       "--house-number %s FILE` makes one"),
                     fault->what, fault->text, fault->what);
    }
    for (size_t i = 0; i < names.count; i++) {
        free(names.items[i]);
    }
    free(names.items);
}

static int make_media(struct rehearse_folders *folders, struct station *station, const char *state,
                      const struct rehearse_fault *faults, size_t count, struct problems *problems)
{
    char *to = join(state, "media");
    bool *seen = calloc(count, sizeof(seen[0]));
    struct linking linking = {.to = to, .faults = faults, .count = count, .seen = seen};
    int result = to != NULL && seen != NULL ? durable_make_folder(to) : -ENOMEM;
    if (result == 0) {
        result = each(folders->media, take_media, &linking);
    }
    for (size_t i = 0; i < count && result == 0; i++) {
        if ((faults[i].kind == FAULT_MISSING || faults[i].kind == FAULT_LATE) && !seen[i]) {
            complain_unknown(folders, &faults[i], problems);
            result = -EINVAL;
        }
    }
    free(seen);
    if (result == 0) {
        station->media = to; /* the old one is the folders' now */
        return 0;
    }
    free(to);
    return result;
}

int rehearse_folders_arrive(const struct rehearse_folders *folders, const struct station *station,
                            const char *house_number, int64_t at_ms)
{
    struct linking linking = {.to = station->media, .house_number = house_number, .at_ms = at_ms};
    const int result = each(folders->media, take_media, &linking);
    return result < 0 ? result : linking.linked;
}

/* --- Timetables ------------------------------------------------------------------------- */

static int copy_yaml(void *self, const char *folder, const char *name)
{
    const char *target = self;
    if (!ends_with(name, ".yaml")) {
        return 0;
    }
    char *from = join(folder, name);
    char *to = join(target, name);
    const int result = from != NULL && to != NULL ? copy_file(from, to) : -ENOMEM;
    free(from);
    free(to);
    return result;
}

static int copy_folder(const char *from, const char *to)
{
    char *target = strdup(to);
    int result = target != NULL ? durable_make_folder(target) : -ENOMEM;
    if (result == 0) {
        result = each(from, copy_yaml, target);
    }
    free(target);
    return result;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Where a file of that name lies among the timetables: allocated, or NULL. */
static char *find_place(const char *timetables, const char *file)
{
    static const char *const folders[] = {"", "calendars/"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s%s", timetables, folders[i], base_name(file)) >= 0 &&
            access(path, R_OK) == 0) {
            return path;
        }
        free(path);
    }
    return NULL;
}

static int check_change(const struct rehearse_folders *folders, const struct rehearse_fault *fault,
                        struct problems *problems)
{
    char *place = find_place(folders->timetables, fault->what);
    if (access(fault->what, R_OK) < 0) {
        problems_add(problems, PROBLEM_ERROR, fault->what, 0, 0,
                     _("it cannot be read: %s (fault '%s')"), strerror(errno), fault->text);
    } else if (place == NULL) {
        problems_add(problems, PROBLEM_ERROR, folders->timetables, 0, 0,
                     _("there is no '%s' here, so fault '%s' would change nothing; name the new "
                       "file as the one that it replaces"),
                     base_name(fault->what), fault->text);
    } else {
        free(place);
        return 0;
    }
    free(place);
    return -EINVAL;
}

static int make_timetables(struct rehearse_folders *folders, struct station *station,
                           const char *state, const struct rehearse_fault *faults, size_t count,
                           struct problems *problems)
{
    int result = 0;
    char *to = join(state, "timetables");
    char *from_calendars = join(folders->timetables, "calendars");
    char *to_calendars = join(to != NULL ? to : "", "calendars");
    for (size_t i = 0; i < count && result == 0; i++) {
        result = faults[i].kind == FAULT_CHANGE ? check_change(folders, &faults[i], problems) : 0;
    }
    if (to == NULL || from_calendars == NULL || to_calendars == NULL) {
        result = -ENOMEM;
    }
    if (result == 0) {
        result = copy_folder(folders->timetables, to);
    }
    if (result == 0) {
        result = copy_folder(from_calendars, to_calendars);
    }
    free(from_calendars);
    free(to_calendars);
    if (result == 0) {
        station->timetables = to;
        return 0;
    }
    free(to);
    return result;
}

int rehearse_folders_replace(const struct station *station, const char *file)
{
    char *place = find_place(station->timetables, file);
    const int result = place != NULL ? copy_file(file, place) : -ENOENT;
    free(place);
    return result;
}

/* --- The whole ------------------------------------------------------------------------- */

static bool has_fault(const struct rehearse_fault *faults, size_t count, enum rehearse_fault_kind a,
                      enum rehearse_fault_kind b)
{
    for (size_t i = 0; i < count; i++) {
        if (faults[i].kind == a || faults[i].kind == b) {
            return true;
        }
    }
    return false;
}

/*
 * The folder, or the one that it is to be made in, is the station's own state or lies within: the
 * scheduler and the engine would take the rehearsed plans and records for those of the air.
 */
static bool is_of_the_air(const struct station *station, const char *state)
{
    char own[PATH_MAX];
    char asked[PATH_MAX];
    const char *slash = strrchr(state, '/');
    char *parent = slash == NULL    ? strdup(".")
                   : slash == state ? strdup("/")
                                    : strndup(state, (size_t)(slash - state));
    const bool is_found =
        realpath(state, asked) != NULL || (parent != NULL && realpath(parent, asked) != NULL);
    free(parent);
    if (realpath(station->state, own) == NULL) {
        return strcmp(station->state, state) == 0; /* not made yet */
    }
    const size_t length = strlen(own);
    return is_found && strncmp(own, asked, length) == 0 &&
           (asked[length] == '\0' || asked[length] == '/');
}

static int make_state(struct station *station, const char *state, struct problems *problems)
{
    bool is_full = false;
    char resolved[PATH_MAX];
    if (is_of_the_air(station, state)) {
        problems_add(
            problems, PROBLEM_ERROR, state, 0, 0,
            _("this is the state folder of the air (%s), which a rehearsal must not touch; "
              "name a folder of its own, such as --out rehearsal"),
            station->state);
        return -EINVAL;
    }
    int result = durable_make_folder(state);
    if (result == 0) {
        result = each(state, note_one, &is_full);
    }
    if (result == 0 && realpath(state, resolved) == NULL) {
        result = -errno;
    }
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, state, 0, 0, _("the folder cannot be made: %s"),
                     strerror(-result));
        return result;
    }
    if (is_full) {
        problems_add(problems, PROBLEM_ERROR, state, 0, 0,
                     _("this folder is not empty; a rehearsal begins in an empty one"));
        return -ENOTEMPTY;
    }
    free(station->state);
    station->state = strdup(resolved);
    return station->state != NULL ? 0 : -ENOMEM;
}

/* The real folders, by paths that links can hold. */
static int take_real(struct rehearse_folders *folders, const struct station *station,
                     struct problems *problems)
{
    folders->media = realpath(station->media, NULL);
    folders->timetables = realpath(station->timetables, NULL);
    const char *lost = folders->media == NULL        ? station->media
                       : folders->timetables == NULL ? station->timetables
                                                     : NULL;
    if (lost != NULL) {
        const int error = errno;
        problems_add(problems, PROBLEM_ERROR, lost, 0, 0, _("the folder cannot be read: %s"),
                     strerror(error));
        return -error;
    }
    return 0;
}

int rehearse_folders_make(struct rehearse_folders *folders, struct station *station,
                          const char *state, const struct rehearse_fault *faults, size_t count,
                          struct problems *problems)
{
    int result = take_real(folders, station, problems);
    if (result == 0) {
        result = make_state(station, state, problems);
    }
    if (result == 0 && has_fault(faults, count, FAULT_MISSING, FAULT_LATE)) {
        char *real = station->media;
        result = make_media(folders, station, station->state, faults, count, problems);
        free(station->media != real ? real : NULL);
    }
    if (result == 0 && has_fault(faults, count, FAULT_CHANGE, FAULT_CHANGE)) {
        char *real = station->timetables;
        result = make_timetables(folders, station, station->state, faults, count, problems);
        free(station->timetables != real ? real : NULL);
    }
    if (result < 0 && problems->errors == 0) {
        problems_add(problems, PROBLEM_ERROR, state, 0, 0,
                     _("the folders of the rehearsal cannot be made: %s"), strerror(-result));
    }
    return result;
}

void rehearse_folders_finish(struct rehearse_folders *folders)
{
    free(folders->media);
    free(folders->timetables);
    *folders = (struct rehearse_folders){0};
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path) < 0 ? -1 : 0;
}

int rehearse_folders_remove(const char *path)
{
    enum { OPEN_FOLDERS = 16 };
    return nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) < 0 ? -errno : 0;
}
