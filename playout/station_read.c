/* SPDX-License-Identifier: MIT */
/*
 * station_read: the reading side of station.h.
 *
 * Goes through the whole file whatever it finds, so that all mistakes are
 * told at once.
 */
#include "playout/station_inner.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 2,
    BITS_PER_PACKET = 1504,
    PID_FIRST = 0x20, /* EN 300 468 keeps 0x10 to 0x1f for itself */
    PID_LAST = 0x1ffe,
    SERVICE_ID_LAST = 0xffff,
    NAME_LONGEST = 100, /* bytes of a service name, so that its descriptor holds both */
};

static void check_name(const struct settings *place, const char *value)
{
    if (value == NULL) {
        return;
    }
    const bool fits = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(value) &&
                      strlen(value) <= 31;
    if (!fits) {
        settings_complain(place, "name",
                          _("at most 31 of a-z, 0-9, '-' and '_': it is used in file names"));
    }
}

static void check_title(const struct settings *place, const char *key, const char *value)
{
    if (value != NULL && strlen(value) > NAME_LONGEST) {
        settings_complain(place, key, _("at most 100 bytes long (33 Chinese characters)"));
    }
}

/* The profile that a service names; NULL after complaining. */
static const struct profile *need_profile(const struct settings *place,
                                          const struct station *station, const char *name)
{
    const struct profile *profile = station_profile(station, name);
    const char **known =
        profile == NULL ? calloc(station->profile_count + 1, sizeof(known[0])) : NULL;
    size_t count = 0;
    char wanted[256];
    if (known == NULL) {
        return profile;
    }
    for (size_t i = 0; i < station->profile_count; i++) {
        if (station->profiles[i].name != NULL) {
            known[count++] = station->profiles[i].name;
        }
    }
    const char *meant = suggest(name, known);
    free(known);
    if (meant != NULL) {
        snprintf(wanted, sizeof(wanted),
                 _("the name of one of the profiles of this file, not '%s'; did you mean '%s'?"),
                 name, meant);
    } else {
        snprintf(wanted, sizeof(wanted),
                 _("the name of one of the profiles of this file, not '%s'"), name);
    }
    settings_complain(place, "profile", wanted);
    return NULL;
}

static void read_service(const struct settings *place, const struct station *station,
                         struct service *service)
{
    static const char *const KEYS[] = {
        "name",    "title",     "provider",  "profile",      "service_id", "logical_channel",
        "pmt_pid", "video_pid", "audio_pid", "parental_age", NULL,
    };
    settings_check_keys(place, KEYS);
    service->name = settings_text(place, "name");
    check_name(place, service->name);
    service->title = settings_text(place, "title");
    check_title(place, "title", service->title);
    service->provider = settings_text(place, "provider");
    check_title(place, "provider", service->provider);
    char *profile = settings_text(place, "profile");
    if (profile != NULL) {
        service->profile = need_profile(place, station, profile);
    }
    free(profile);
    service->service_id = (int)settings_integer(place, "service_id", 1, SERVICE_ID_LAST);
    service->logical_channel = (int)settings_integer_or(place, "logical_channel", 1, 999, 0);
    service->parental_age = (int)settings_integer_or(place, "parental_age", 4, 18, 0);
    service->pmt_pid = (int)settings_integer(place, "pmt_pid", PID_FIRST, PID_LAST);
    service->video_pid = (int)settings_integer(place, "video_pid", PID_FIRST, PID_LAST);
    service->audio_pid = (int)settings_integer(place, "audio_pid", PID_FIRST, PID_LAST);
}

static void read_services(const struct settings *place, const struct station *station,
                          struct transport *transport)
{
    const config_setting_t *list = settings_list(place, "services");
    const int count = list != NULL ? config_setting_length(list) : 0;
    if (count > SERVICES_MOST) {
        char wanted[64];
        snprintf(wanted, sizeof(wanted), _("at most %d entries long"), SERVICES_MOST);
        settings_complain(place, "services", wanted);
        return;
    }
    transport->services = calloc((size_t)count + 1, sizeof(transport->services[0]));
    for (int i = 0; transport->services != NULL && i < count; i++) {
        const struct settings entry = settings_entry(place, list, "services", i);
        transport->services[i].transport = transport;
        read_service(&entry, station, &transport->services[i]);
        transport->service_count++;
    }
}

/* Every PID of a transport once. */
static void check_pids(const struct settings *place, const struct transport *transport)
{
    const size_t count = transport->service_count * 3;
    int pids[SERVICES_MOST * 3];
    for (size_t i = 0; i < count; i++) {
        const struct service *service = &transport->services[i / 3];
        pids[i] = i % 3 == 0   ? service->pmt_pid
                  : i % 3 == 1 ? service->video_pid
                               : service->audio_pid;
        for (size_t k = 0; k < i; k++) {
            if (pids[k] == pids[i]) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("PID 0x%04x is used twice: pmt_pid, video_pid and audio_pid of all "
                               "services of a transport must differ"),
                             (unsigned)pids[i]);
                return;
            }
        }
    }
}

static void read_transport(const struct settings *place, const struct station *station,
                           struct transport *transport)
{
    static const char *const KEYS[] = {
        "name", "bitrate_bps", "transport_stream_id", "cable", "services", "outputs", NULL,
    };
    settings_check_keys(place, KEYS);
    transport->name = settings_text(place, "name");
    check_name(place, transport->name);
    transport->bitrate_bps = settings_integer(place, "bitrate_bps", 500000, 100000000);
    transport->slots_per_second = (int)(transport->bitrate_bps / BITS_PER_PACKET);
    transport->slots_per_second -= transport->slots_per_second % FRAMES_PER_SECOND;
    transport->transport_stream_id = (int)settings_integer(place, "transport_stream_id", 0, 0xffff);
    station_read_cable(place, &transport->cable);
    read_services(place, station, transport);
    check_pids(place, transport);
    station_read_outputs(place, &station->network, transport);
}

/* Two outputs with one address would share a receiver. */
static void check_transports(const struct settings *place, const struct station *station)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        const struct transport *a = &station->transports[i];
        for (size_t k = 0; k < i; k++) {
            const struct transport *b = &station->transports[k];
            if (a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("two transports are named '%s'"), a->name);
            }
            if (a->transport_stream_id == b->transport_stream_id) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("'%s' and '%s' have the same transport_stream_id"), b->name,
                             a->name);
            }
        }
        for (size_t k = 0; k <= i; k++) {
            station_check_outputs(place, a, &station->transports[k]);
        }
    }
}

/* Two services with one name would share a folder. */
static void check_services(const struct settings *place, const struct station *station)
{
    const struct service *a = NULL;
    for (size_t i = 0; (a = station_service_at(station, i)) != NULL; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct service *b = station_service_at(station, k);
            if (a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("two services are named '%s'"), a->name);
            }
            if (a->service_id == b->service_id) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, settings_line(place), 0,
                             _("'%s' and '%s' have the same service_id"), b->name, a->name);
            }
        }
    }
}

static void check_zone(const struct settings *place, const char *zone)
{
    if (zone == NULL) {
        return;
    }
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
    FILE *file = strstr(zone, "..") == NULL ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        settings_complain(place, "time_zone",
                          _("a zone that this machine knows, as in \"Asia/Shanghai\""));
        return;
    }
    fclose(file);
}

static void read_general(const struct settings *root, struct station *station)
{
    static const char *const KEYS[] = {
        "name",     "time_zone",  "media",       "state", "timetables",
        "guard_ms", "horizon_ms", "as_run_days", NULL,
    };
    struct settings place;
    if (!settings_descend(root, "station", &place)) {
        return;
    }
    settings_check_keys(&place, KEYS);
    station->name = settings_text(&place, "name");
    station->time_zone = settings_text(&place, "time_zone");
    check_zone(&place, station->time_zone);
    station->media = settings_text(&place, "media");
    station->state = settings_text(&place, "state");
    station->timetables = settings_text(&place, "timetables");
    station->horizon_ms = (int)settings_integer(&place, "horizon_ms", 200, 5000);
    station->guard_ms = (int)settings_integer(&place, "guard_ms", 600, 60000);
    if (station->guard_ms < station->horizon_ms + 200) {
        settings_complain(&place, "guard_ms", _("at least 200 more than 'horizon_ms'"));
    }
    station->as_run_days = (int)settings_integer(&place, "as_run_days", 1, 36500);
}

/* The array, or NULL; *count entries, all zero. */
static void *make_list(const config_setting_t *list, size_t size, size_t *count)
{
    *count = list != NULL ? (size_t)config_setting_length(list) : 0;
    return calloc(*count + 1, size);
}

static int read_lists(const struct settings *root, struct station *station)
{
    const config_setting_t *profiles = settings_list(root, "profiles");
    const config_setting_t *transports = settings_list(root, "transports");
    size_t profile_count = 0;
    size_t transport_count = 0;
    station->profiles = make_list(profiles, sizeof(station->profiles[0]), &profile_count);
    station->transports = make_list(transports, sizeof(station->transports[0]), &transport_count);
    if (station->profiles == NULL || station->transports == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < profile_count; i++) {
        const struct settings place = settings_entry(root, profiles, "profiles", (int)i);
        station_read_profile(&place, &station->profiles[station->profile_count++]);
    }
    for (size_t i = 0; i < transport_count; i++) {
        const struct settings place = settings_entry(root, transports, "transports", (int)i);
        read_transport(&place, station, &station->transports[station->transport_count++]);
    }
    if (root->problems->errors == 0) { /* what could not be read would seem to be the same */
        check_transports(root, station);
        check_services(root, station);
    }
    return 0;
}

static int read_station(const struct settings *root, struct station *station)
{
    static const char *const KEYS[] = {"format", "station",  "network",    "scheduler",
                                       "media",  "profiles", "transports", NULL};
    struct settings network;
    settings_check_keys(root, KEYS);
    settings_integer(root, "format", FORMAT_VERSION, FORMAT_VERSION);
    read_general(root, station);
    if (settings_descend(root, "network", &network)) {
        station_read_network(&network, &station->network);
    }
    station_read_media(root, station);
    int result = station_read_scheduler(root, station);
    if (result == 0) {
        result = read_lists(root, station);
    }
    if (result < 0) {
        return result;
    }
    return root->problems->errors > 0 ? -EINVAL : 0;
}

/*
 * What is left of the file without its outputs, and without what is none of
 * the engine's business: for telling whether these alone changed.
 */
static int keep_settings(config_t *config, struct station *station)
{
    size_t size = 0;
    config_setting_t *list = config_lookup(config, "transports");
    for (int i = 0; i < config_setting_length(list); i++) {
        config_setting_remove(config_setting_get_elem(list, (unsigned)i), "outputs");
    }
    static const char *const OTHERS[] = {"scheduler", "media"};
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        if (config_lookup(config, OTHERS[i]) != NULL) {
            config_setting_remove(config_root_setting(config), OTHERS[i]);
        }
    }
    FILE *file = open_memstream(&station->settings, &size);
    if (file == NULL) {
        return -ENOMEM;
    }
    config_write(config, file);
    return fclose(file) == 0 ? 0 : -ENOMEM;
}

/* What libconfig says of a file, which has English alone, in the reader's language. */
static const char *parser_text(const char *said)
{
    static const char *const known[] = {
        N_("duplicate setting name"),
        N_("mismatched element type in array"),
        N_("file I/O error"),
    };
    if (said != NULL && strcmp(said, "syntax error") == 0) {
        return _("something is missing or too much in this line or the one before, such as "
                 "; \" , or a bracket");
    }
    for (size_t i = 0; said != NULL && i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(said, known[i]) == 0) {
            return _(known[i]);
        }
    }
    return said;
}

int station_load(const char *path, struct station **station, struct problems *problems)
{
    config_t config;
    config_init(&config);
    struct station *fresh = calloc(1, sizeof(*fresh));
    int result = 0;

    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        result = -errno;
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("cannot be opened: %s"),
                     strerror(errno));
        goto cleanup;
    }
    if (fresh == NULL || (fresh->path = strdup(path)) == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    if (config_read(&config, file) == CONFIG_FALSE) {
        const int line = config_error_line(&config);
        problems_add(problems, PROBLEM_ERROR, path, line, 0, _("cannot be read as settings: %s"),
                     parser_text(config_error_text(&config)));
        result = -EINVAL;
        goto cleanup;
    }
    const struct settings root = {path, problems, config_root_setting(&config), _("this file")};
    result = read_station(&root, fresh);
    if (result == 0) {
        result = keep_settings(&config, fresh);
    }
    if (result == 0) {
        *station = fresh;
        fresh = NULL;
    }

cleanup:
    if (file != NULL) {
        fclose(file);
    }
    station_destroy(fresh);
    config_destroy(&config);
    return result;
}
