/* SPDX-License-Identifier: MIT */
/* engine_setup: folders, the lock, slates and channels. */
#include "playout/engine_inner.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/media.h"
#include "playout/state_clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int make_state_folders(const struct station *station, struct problems *problems)
{
    static const char *const names[] = {"plans", "asrun", "run"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", station->state, names[i]) < 0) {
            return -ENOMEM;
        }
        const int result = durable_make_folder(path);
        if (result < 0) {
            problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("the folder cannot be made: %s"),
                         strerror(-result));
        }
        free(path);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

static void complain_of_other(const char *path, int fd, struct problems *problems)
{
    char pid[16] = "";
    const ssize_t got = pread(fd, pid, sizeof(pid) - 1, 0);
    pid[got > 0 ? strcspn(pid, "\n") : 0] = '\0';
    problems_add(problems, PROBLEM_ERROR, path, 0, 0,
                 _("another ketang-playout (process %s) is on the air with this state folder; "
                   "stop it first"),
                 pid);
}

int engine_take_state(struct engine *engine, struct problems *problems)
{
    char *path = NULL;
    int result = make_state_folders(engine->station, problems);
    if (result < 0) {
        return result;
    }
    if (asprintf(&path, "%s/run/playout.lock", engine->station->state) < 0) {
        return -ENOMEM;
    }
    engine->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (engine->lock_fd < 0) {
        result = -errno;
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("it cannot be opened: %s"),
                     strerror(-result));
    } else if (flock(engine->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        result = -EBUSY;
        complain_of_other(path, engine->lock_fd, problems);
    } else if (ftruncate(engine->lock_fd, 0) == 0) {
        /* For people only: a full disk must not keep the station off the air. */
        (void)dprintf(engine->lock_fd, "%ld\n", (long)getpid());
    }
    free(path);
    return result == 0 ? state_clock_take(engine->station->state, engine->ahead_s != 0, problems)
                       : result;
}

/* Opens each profile's slate once; *slate is borrowed from the list. */
static int find_slate(struct asset **slates, const struct station *station,
                      const struct profile *profile, struct asset **slate)
{
    const size_t i = (size_t)(profile - station->profiles);
    int result = 0;
    if (slates[i] == NULL) {
        result = media_open_slate(station->media, profile->name, &slates[i]);
        if (result == 0 && asset_verify(slates[i]) < 0) {
            asset_unref(slates[i]);
            slates[i] = NULL;
            result = -EBADMSG;
        }
    }
    *slate = slates[i];
    return result;
}

static void stay_off(struct engine *engine, const struct transport *transport,
                     struct problems *problems, char *reason)
{
    struct absentee *absentee = &engine->absentees[engine->absentee_count++];
    absentee->transport = transport;
    absentee->reason = reason;
    problems_add(problems, PROBLEM_WARNING, engine->station_path, 0, 0,
                 _("transport '%s' stays off the air: %s"), transport->name,
                 reason != NULL ? reason : "?");
}

static char *slate_trouble(const struct profile *profile, const char *media, int error)
{
    char *text = NULL;
    const int length =
        error == -ENOENT
            ? asprintf(&text,
                       _("there is no slate of profile '%s' in %s; make one with 'ketang ingest "
                         "--slate'"),
                       profile->name, media)
            : asprintf(&text,
                       _("the slate of profile '%s' in %s cannot be used (%s); make a new one with "
                         "'ketang ingest --slate'"),
                       profile->name, media,
                       error == -EBADMSG ? _("it is damaged") : strerror(-error));
    return length < 0 ? NULL : text;
}

void engine_finish_multiplex(struct multiplex *multiplex)
{
    const size_t count =
        multiplex->channels != NULL ? tape_transport(multiplex->format)->service_count : 0;
    for (size_t i = 0; i < count; i++) {
        channel_destroy(multiplex->channels[i]);
    }
    free(multiplex->channels);
    tape_format_destroy(multiplex->format);
    *multiplex = (struct multiplex){0};
}

/* The slate of each service of a transport: 0, or an error with *trouble (allocated) told. */
static int find_slates(const struct engine *engine, const struct transport *transport,
                       struct asset **known, struct asset **slates, char **trouble)
{
    const struct station *station = engine->station;
    int result = 0;
    for (size_t i = 0; i < transport->service_count && result == 0; i++) {
        const struct profile *profile = transport->services[i].profile;
        result = find_slate(known, station, profile, &slates[i]);
        if (result < 0) {
            *trouble = slate_trouble(profile, station->media, result);
        }
    }
    return result;
}

static int make_channels(struct engine *engine, struct multiplex *multiplex,
                         struct problems *problems)
{
    const size_t count = tape_transport(multiplex->format)->service_count;
    int result = 0;
    multiplex->channels = calloc(count, sizeof(multiplex->channels[0]));
    for (size_t i = 0; multiplex->channels != NULL && i < count && result == 0; i++) {
        result = channel_create(&engine->context, multiplex->format, i, &multiplex->channels[i],
                                problems);
    }
    return multiplex->channels != NULL ? result : -ENOMEM;
}

static int make_multiplex(struct engine *engine, size_t number, struct asset **known,
                          struct problems *problems)
{
    const struct transport *transport = &engine->station->transports[number];
    struct multiplex *multiplex = &engine->multiplexes[engine->multiplex_count];
    struct asset *slates[SERVICES_MOST] = {NULL};
    char *trouble = NULL;
    if (find_slates(engine, transport, known, slates, &trouble) < 0) {
        stay_off(engine, transport, problems, trouble);
        return 0;
    }
    const size_t before = problems->count;
    int result =
        tape_format_create(engine->station, transport, slates, &multiplex->format, problems);
    if (result == 0) {
        result = make_channels(engine, multiplex, problems);
    }
    if (result == 0) {
        multiplex->number = number;
        engine->lanes[engine->multiplex_count++] = number;
        return 0;
    }
    engine_finish_multiplex(multiplex);
    if (result == -EINVAL) {
        const char *why = problems->count > before ? problems->items[before].text : "";
        stay_off(engine, transport, problems, strdup(why));
        return 0;
    }
    return result;
}

int engine_make_multiplexes(struct engine *engine, struct problems *problems)
{
    const struct station *station = engine->station;
    struct asset **known = calloc(station->profile_count, sizeof(known[0]));
    engine->multiplexes = calloc(station->transport_count, sizeof(engine->multiplexes[0]));
    engine->lanes = calloc(station->transport_count, sizeof(engine->lanes[0]));
    engine->absentees = calloc(station->transport_count, sizeof(engine->absentees[0]));
    int result = known != NULL && engine->multiplexes != NULL && engine->lanes != NULL &&
                         engine->absentees != NULL
                     ? 0
                     : -ENOMEM;
    for (size_t i = 0; i < station->transport_count && result == 0; i++) {
        result = make_multiplex(engine, i, known, problems);
    }
    for (size_t i = 0; known != NULL && i < station->profile_count; i++) {
        asset_unref(known[i]);
    }
    free(known);
    if (result == 0 && engine->multiplex_count == 0) {
        problems_add(problems, PROBLEM_ERROR, engine->station_path, 0, 0,
                     _("no transport can go on the air"));
        result = -ENOENT;
    }
    return result;
}
