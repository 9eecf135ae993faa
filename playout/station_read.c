/* SPDX-License-Identifier: MIT */
/*
 * station_read: the reading side of station.h.
 *
 * Goes through the whole file whatever it finds, so that all mistakes are
 * told at once.
 */
#include "playout/station.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    BITS_PER_PACKET = 1504,
    PID_FIRST = 0x20, /* EN 300 468 keeps 0x10 to 0x1f for itself */
    PID_LAST = 0x1ffe,
    SERVICE_ID_LAST = 0xffff,
    NAME_LONGEST = 100, /* bytes of a service name, so that the SDT stays one section */
};

/* Where a setting is looked for, and where its problems go. */
struct place {
    const char *file;
    struct problems *problems;
    const config_setting_t *group;
    const char *name; /* of the group, for messages */
};

static int line_of(const struct place *place)
{
    return place->group != NULL ? (int)config_setting_source_line(place->group) : 0;
}

static const config_setting_t *find(const struct place *place, const char *key)
{
    const config_setting_t *setting = config_setting_get_member(place->group, key);
    if (setting == NULL) {
        problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                     _("setting '%s' is missing in %s"), key, place->name);
    }
    return setting;
}

static void complain(const struct place *place, const config_setting_t *setting, const char *key,
                     const char *wanted)
{
    if (setting == NULL) {
        return; /* missing, which has been told */
    }
    problems_add(place->problems, PROBLEM_ERROR, place->file,
                 (int)config_setting_source_line(setting), 0, _("setting '%s' must be %s"), key,
                 wanted);
}

static int64_t read_integer(const struct place *place, const char *key, int64_t least, int64_t most)
{
    const config_setting_t *setting = find(place, key);
    if (setting == NULL) {
        return least;
    }
    const int type = config_setting_type(setting);
    const int64_t value = config_setting_get_int64(setting);
    if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || value < least || value > most) {
        char wanted[96];
        snprintf(wanted, sizeof(wanted), _("a whole number from %lld to %lld"), (long long)least,
                 (long long)most);
        complain(place, setting, key, wanted);
        return least;
    }
    return value;
}

static double read_decimal(const struct place *place, const char *key, double least, double most)
{
    const config_setting_t *setting = find(place, key);
    if (setting == NULL) {
        return least;
    }
    const double value = config_setting_type(setting) == CONFIG_TYPE_INT
                             ? (double)config_setting_get_int(setting)
                             : config_setting_get_float(setting);
    if (config_setting_is_number(setting) == CONFIG_FALSE || value < least || value > most) {
        char wanted[96];
        snprintf(wanted, sizeof(wanted), _("a number from %g to %g"), least, most);
        complain(place, setting, key, wanted);
        return least;
    }
    return value;
}

static char *read_text(const struct place *place, const char *key)
{
    const config_setting_t *setting = find(place, key);
    if (setting == NULL) {
        return NULL;
    }
    const char *value = config_setting_get_string(setting);
    if (value == NULL || value[0] == '\0') {
        complain(place, setting, key, _("a text in quotation marks"));
        return NULL;
    }
    return strdup(value);
}

/* Every setting must be one that we know: a misspelt one would else be ignored. */
static void check_keys(const struct place *place, const char *const *known)
{
    for (int i = 0; i < config_setting_length(place->group); i++) {
        const config_setting_t *setting = config_setting_get_elem(place->group, (unsigned)i);
        const char *key = config_setting_name(setting);
        bool is_known = key == NULL;
        for (size_t k = 0; known[k] != NULL && !is_known; k++) {
            is_known = strcmp(key, known[k]) == 0;
        }
        if (is_known) {
            continue;
        }
        const char *nearest = suggest(key, known);
        const int line = (int)config_setting_source_line(setting);
        if (nearest != NULL) {
            problems_add(place->problems, PROBLEM_ERROR, place->file, line, 0,
                         _("unknown setting '%s' in %s; did you mean '%s'?"), key, place->name,
                         nearest);
        } else {
            problems_add(place->problems, PROBLEM_ERROR, place->file, line, 0,
                         _("unknown setting '%s' in %s"), key, place->name);
        }
    }
}

static bool descend(const struct place *parent, const char *key, struct place *child)
{
    const config_setting_t *setting = find(parent, key);
    *child = (struct place){parent->file, parent->problems, setting, key};
    if (setting != NULL && config_setting_is_group(setting) == CONFIG_FALSE) {
        complain(parent, setting, key, _("a group of settings in { }"));
        return false;
    }
    return setting != NULL;
}

static const config_setting_t *find_list(const struct place *parent, const char *key)
{
    const config_setting_t *list = find(parent, key);
    if (list == NULL) {
        return NULL;
    }
    if (config_setting_is_list(list) == CONFIG_FALSE || config_setting_length(list) == 0) {
        complain(parent, list, key, _("a list in ( ) with at least one entry"));
        return NULL;
    }
    return list;
}

static void read_es(const struct place *place, struct es_profile *es)
{
    es->lead_frames = (int)read_integer(place, "lead_frames", 1, 250);
    es->max_lead_ms = (int)read_integer(place, "max_lead_ms", 1, 10000);
    es->packets_per_second = (int)read_integer(place, "packets_per_second", 1, 100000);
    es->latency_us = (int)read_integer(place, "latency_us", 0, 100000);
}

static void read_video(const struct place *profile, struct video_profile *video)
{
    static const char *const KEYS[] = {
        "width",
        "height",
        "aspect",
        "level",
        "b_frames",
        "vbv_rate_bps",
        "vbv_bits",
        "tb_leak_bps",
        "lead_frames",
        "max_lead_ms",
        "reorder_frames",
        "latency_us",
        "packets_per_second",
        NULL,
    };
    struct place place;
    if (!descend(profile, "video", &place)) {
        return;
    }
    check_keys(&place, KEYS);
    video->width = (int)read_integer(&place, "width", 16, 8192);
    video->height = (int)read_integer(&place, "height", 16, 8192);
    const config_setting_t *aspect = find(&place, "aspect");
    if (aspect != NULL) {
        video->aspect_num = config_setting_get_int_elem(aspect, 0);
        video->aspect_den = config_setting_get_int_elem(aspect, 1);
        if (config_setting_length(aspect) != 2 || video->aspect_num < 1 || video->aspect_den < 1) {
            complain(&place, aspect, "aspect", _("two whole numbers, as in [16, 11]"));
        }
    }
    video->level = (int)read_integer(&place, "level", 10, 62);
    video->b_frames = (int)read_integer(&place, "b_frames", 0, 2);
    video->vbv_rate_bps = read_integer(&place, "vbv_rate_bps", 100000, 100000000);
    video->vbv_bits = read_integer(&place, "vbv_bits", 50000, 100000000);
    video->tb_leak_bps = read_integer(&place, "tb_leak_bps", 100000, 1000000000);
    read_es(&place, &video->es);
    video->es.reorder_frames = (int)read_integer(&place, "reorder_frames", 1, 1);
}

static void read_audio(const struct place *profile, struct audio_profile *audio)
{
    static const char *const KEYS[] = {
        "bitrate_bps",    "sample_rate",        "channels",    "loudness_lkfs",
        "true_peak_dbtp", "tb_leak_bps",        "lead_frames", "max_lead_ms",
        "latency_us",     "packets_per_second", NULL,
    };
    struct place place;
    if (!descend(profile, "audio", &place)) {
        return;
    }
    check_keys(&place, KEYS);
    audio->bitrate_bps = (int)read_integer(&place, "bitrate_bps", 128000, 192000);
    audio->sample_rate = (int)read_integer(&place, "sample_rate", 48000, 48000);
    audio->channels = (int)read_integer(&place, "channels", 2, 2);
    audio->loudness_lkfs = read_decimal(&place, "loudness_lkfs", -40, -10);
    audio->true_peak_dbtp = read_decimal(&place, "true_peak_dbtp", -20, 0);
    audio->tb_leak_bps = read_integer(&place, "tb_leak_bps", 100000, 100000000);
    read_es(&place, &audio->es);
}

/* Head, tail and length conditions on the numbers of the profile alone. */
static void check_profile(const struct place *place, const struct profile *profile)
{
    const struct video_profile *video = &profile->video;
    if (place->problems->errors > 0) {
        return;
    }
    /* A packet carries 184 bytes; PES header and rounding cost at most one packet a picture. */
    const int64_t rate =
        (int64_t)(video->es.packets_per_second - FRAMES_PER_SECOND) * 184 * 8; /* < 2^31 x 1472 */
    const int64_t head_ms =
        (int64_t)(video->es.lead_frames - video->es.reorder_frames) * 1000 / FRAMES_PER_SECOND;
    const int64_t tail_ms = video->es.max_lead_ms - head_ms;
    const int64_t least_ms =
        (head_ms < tail_ms ? head_ms : tail_ms) - (video->es.latency_us + 999) / 1000;
    if (rate * least_ms < video->vbv_bits * 1000) {
        problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                     _("profile '%s': vbv_bits (%lld) cannot be sent within its leads at "
                       "%d packets a second; at most %lld bits can: lower vbv_bits, raise "
                       "packets_per_second or change lead_frames and max_lead_ms"),
                     profile->name, (long long)video->vbv_bits, video->es.packets_per_second,
                     (long long)(rate * least_ms / 1000));
    }
    if (rate <= video->vbv_rate_bps) {
        problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                     _("profile '%s': %d packets a second carry %lld bit/s, which is not above "
                       "vbv_rate_bps (%lld): raise packets_per_second or lower vbv_rate_bps"),
                     profile->name, video->es.packets_per_second, (long long)rate,
                     (long long)video->vbv_rate_bps);
    }
}

static void read_profile(const struct place *place, struct profile *profile)
{
    static const char *const KEYS[] = {"name", "video", "audio", NULL};
    check_keys(place, KEYS);
    profile->name = read_text(place, "name");
    read_video(place, &profile->video);
    read_audio(place, &profile->audio);
    check_profile(place, profile);
}

static void read_output(const struct place *place, struct output *output)
{
    static const char *const KEYS[] = {"address", "port", "ttl", "dscp", NULL};
    check_keys(place, KEYS);
    output->address = read_text(place, "address");
    output->port = (int)read_integer(place, "port", 1, 65535);
    output->ttl = (int)read_integer(place, "ttl", 1, 255);
    output->dscp = (int)read_integer(place, "dscp", 0, 63);
    struct in_addr v4;
    struct in6_addr v6;
    if (output->address != NULL && inet_pton(AF_INET, output->address, &v4) != 1 &&
        inet_pton(AF_INET6, output->address, &v6) != 1) {
        complain(place, config_setting_get_member(place->group, "address"), "address",
                 _("a numeric address, as in \"239.1.1.1\""));
    }
}

static void read_outputs(const struct place *place, struct transport *transport)
{
    const config_setting_t *list = find_list(place, "outputs");
    if (list == NULL) {
        return;
    }
    const int count = config_setting_length(list);
    transport->outputs = calloc((size_t)count, sizeof(transport->outputs[0]));
    for (int i = 0; transport->outputs != NULL && i < count; i++) {
        const struct place child = {place->file, place->problems,
                                    config_setting_get_elem(list, (unsigned)i), "outputs"};
        read_output(&child, &transport->outputs[i]);
        transport->output_count++;
    }
}

static void check_pids(const struct place *place, const struct transport *transport)
{
    const bool clash = transport->pmt_pid == transport->video_pid ||
                       transport->pmt_pid == transport->audio_pid ||
                       transport->video_pid == transport->audio_pid;
    if (clash) {
        problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                     _("pmt_pid, video_pid and audio_pid must differ"));
    }
    if (transport->pcr_pid != transport->video_pid) {
        complain(place, config_setting_get_member(place->group, "pcr_pid"), "pcr_pid",
                 _("the same as 'video_pid'"));
    }
}

static void check_name(const struct place *place, const char *key, const char *value)
{
    if (value == NULL) {
        return;
    }
    const bool fits = strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(value) &&
                      strlen(value) <= 31;
    if (!fits) {
        complain(place, config_setting_get_member(place->group, key), key,
                 _("at most 31 of a-z, 0-9, '-' and '_': it is used in file names"));
    }
}

static void check_title(const struct place *place, const char *key, const char *value)
{
    if (value != NULL && strlen(value) > NAME_LONGEST) {
        complain(place, config_setting_get_member(place->group, key), key,
                 _("at most 100 bytes long (33 Chinese characters)"));
    }
}

static void read_transport(const struct place *place, const struct station *station,
                           struct transport *transport)
{
    static const char *const KEYS[] = {
        "name",
        "title",
        "provider",
        "profile",
        "bitrate_bps",
        "transport_stream_id",
        "original_network_id",
        "service_id",
        "pmt_pid",
        "video_pid",
        "audio_pid",
        "pcr_pid",
        "outputs",
        NULL,
    };
    check_keys(place, KEYS);
    transport->name = read_text(place, "name");
    check_name(place, "name", transport->name);
    transport->title = read_text(place, "title");
    check_title(place, "title", transport->title);
    transport->provider = read_text(place, "provider");
    check_title(place, "provider", transport->provider);

    char *profile = read_text(place, "profile");
    if (profile != NULL) {
        transport->profile = station_profile(station, profile);
        if (transport->profile == NULL) {
            complain(place, config_setting_get_member(place->group, "profile"), "profile",
                     _("the name of one of the profiles of this file"));
        }
    }
    free(profile);

    transport->bitrate_bps = read_integer(place, "bitrate_bps", 500000, 100000000);
    transport->slots_per_second = (int)(transport->bitrate_bps / BITS_PER_PACKET);
    transport->slots_per_second -= transport->slots_per_second % FRAMES_PER_SECOND;
    transport->transport_stream_id = (int)read_integer(place, "transport_stream_id", 0, 0xffff);
    transport->original_network_id = (int)read_integer(place, "original_network_id", 1, 0xffff);
    transport->service_id = (int)read_integer(place, "service_id", 1, SERVICE_ID_LAST);
    transport->pmt_pid = (int)read_integer(place, "pmt_pid", PID_FIRST, PID_LAST);
    transport->video_pid = (int)read_integer(place, "video_pid", PID_FIRST, PID_LAST);
    transport->audio_pid = (int)read_integer(place, "audio_pid", PID_FIRST, PID_LAST);
    transport->pcr_pid = (int)read_integer(place, "pcr_pid", PID_FIRST, PID_LAST);
    check_pids(place, transport);
    read_outputs(place, transport);
}

/* Two transports with one name would share a folder, two outputs with one address a receiver. */
static void check_unique(const struct place *place, const struct station *station)
{
    for (size_t i = 0; i < station->transport_count; i++) {
        const struct transport *a = &station->transports[i];
        for (size_t k = 0; k < i; k++) {
            const struct transport *b = &station->transports[k];
            if (a->name != NULL && b->name != NULL && strcmp(a->name, b->name) == 0) {
                problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                             _("two transports are named '%s'"), a->name);
            }
            for (size_t n = 0; n < a->output_count * b->output_count; n++) {
                const struct output *out = &a->outputs[n / b->output_count];
                const struct output *other = &b->outputs[n % b->output_count];
                if (out->address != NULL && other->address != NULL && out->port == other->port &&
                    strcmp(out->address, other->address) == 0) {
                    problems_add(place->problems, PROBLEM_ERROR, place->file, line_of(place), 0,
                                 _("'%s' and '%s' have the same output %s port %d"), b->name,
                                 a->name, out->address, out->port);
                }
            }
        }
    }
}

static void check_zone(const struct place *place, const char *zone)
{
    if (zone == NULL) {
        return;
    }
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
    FILE *file = strstr(zone, "..") == NULL ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        complain(place, config_setting_get_member(place->group, "time_zone"), "time_zone",
                 _("a zone that this machine knows, as in \"Asia/Shanghai\""));
        return;
    }
    fclose(file);
}

static void read_general(const struct place *root, struct station *station)
{
    static const char *const KEYS[] = {
        "name",     "time_zone",  "media",       "state", "timetables",
        "guard_ms", "horizon_ms", "as_run_days", NULL,
    };
    struct place place;
    if (!descend(root, "station", &place)) {
        return;
    }
    check_keys(&place, KEYS);
    station->name = read_text(&place, "name");
    station->time_zone = read_text(&place, "time_zone");
    check_zone(&place, station->time_zone);
    station->media = read_text(&place, "media");
    station->state = read_text(&place, "state");
    station->timetables = read_text(&place, "timetables");
    station->horizon_ms = (int)read_integer(&place, "horizon_ms", 200, 5000);
    station->guard_ms = (int)read_integer(&place, "guard_ms", 600, 60000);
    if (station->guard_ms < station->horizon_ms + 200) {
        complain(&place, config_setting_get_member(place.group, "guard_ms"), "guard_ms",
                 _("at least 200 more than 'horizon_ms'"));
    }
    station->as_run_days = (int)read_integer(&place, "as_run_days", 1, 36500);
}

static int read_lists(const struct place *root, struct station *station)
{
    const config_setting_t *profiles = find_list(root, "profiles");
    const config_setting_t *transports = find_list(root, "transports");
    const size_t profile_count = profiles != NULL ? (size_t)config_setting_length(profiles) : 0;
    const size_t transport_count =
        transports != NULL ? (size_t)config_setting_length(transports) : 0;

    station->profiles = calloc(profile_count + 1, sizeof(station->profiles[0]));
    station->transports = calloc(transport_count + 1, sizeof(station->transports[0]));
    if (station->profiles == NULL || station->transports == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < profile_count; i++) {
        const struct place place = {root->file, root->problems,
                                    config_setting_get_elem(profiles, (unsigned)i), "profiles"};
        read_profile(&place, &station->profiles[station->profile_count++]);
    }
    for (size_t i = 0; i < transport_count; i++) {
        const struct place place = {root->file, root->problems,
                                    config_setting_get_elem(transports, (unsigned)i), "transports"};
        read_transport(&place, station, &station->transports[station->transport_count++]);
    }
    check_unique(root, station);
    return 0;
}

static int read_station(const struct place *root, struct station *station)
{
    static const char *const KEYS[] = {"format", "station", "profiles", "transports", NULL};
    check_keys(root, KEYS);
    read_integer(root, "format", FORMAT_VERSION, FORMAT_VERSION);
    read_general(root, station);
    const int result = read_lists(root, station);
    if (result < 0) {
        return result;
    }
    return root->problems->errors > 0 ? -EINVAL : 0;
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
                     config_error_text(&config));
        result = -EINVAL;
        goto cleanup;
    }
    const struct place root = {path, problems, config_root_setting(&config), _("this file")};
    result = read_station(&root, fresh);
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
