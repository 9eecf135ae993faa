/* SPDX-License-Identifier: MIT */
/*
 * ts-check: judges a constant-rate transport stream in a file.
 *
 * Exit status 0 when nothing is wrong, 1 when something is, 2 when something
 * could not be judged (or the file not read).
 */
#include "tools/meter/ts_check.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET = 188, BITS = 8 * PACKET, AHEAD_S = 3, STATUS_PROBLEM = 1, STATUS_UNGRADED = 2 };

struct request {
    struct ts_check_options check;
    const char *path;
    int64_t limit; /* problems written of each kind */
    bool is_json;
    bool is_quiet;
    bool ignored[TS_KIND_COUNT];
};

static const char USAGE[] =
    "Usage: ts-check (--slots-per-second K | --bitrate BPS) [options] FILE\n"
    "\n"
    "  --first-slot N          of the first packet, since the Unix epoch\n"
    "  --pcr-interval-ms N     40        --section-gap-ms N     30\n"
    "  --psi-interval-ms N     100       --si-interval-ms N     1500\n"
    "  --tdt-interval-ms N     15000     --nit-interval-ms N    10000\n"
    "  --other-interval-ms N   10000     --schedule-interval-ms N 10000\n"
    "  --schedule-late-interval-ms N     30000, from the ninth day on\n"
    "  --versions-may-jump     a change may take any other version_number\n"
    "  --unmarked-charset C    of text without a selector, as GBK; ISO6937\n"
    "  --gb2312-charset C      of text that says it is GB 2312, as GBK; GB2312\n"
    "  --cable                 NIT and TOT must be there\n"
    "  --frame-ticks N         of video, at 90 kHz; as the video says\n"
    "  --max-delay-ms N        --max-video-delay-ms N   --max-audio-delay-ms N\n"
    "  --ignore KIND[,KIND...] as in data of --json\n"
    "  --limit N               problems shown of each kind (10)\n"
    "  --json                  the summary as JSON; problems go to standard error\n"
    "  --quiet                 no summary, unless --json\n";

static bool parse_number(const char *text, int64_t *value)
{
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 0);
    if (errno != 0 || end == text || *end != '\0' || number < 0) {
        fprintf(stderr, "ts-check: '%s' is not a number\n", text);
        return false;
    }
    *value = number;
    return true;
}

static bool parse_ignored(char *text, struct request *request)
{
    for (char *name = strtok(text, ","); name != NULL; name = strtok(NULL, ",")) {
        const enum ts_kind kind = ts_report_kind(name);
        if (kind == TS_KIND_COUNT) {
            fprintf(stderr, "ts-check: there is no kind '%s'\n", name);
            return false;
        }
        request->ignored[kind] = true;
    }
    return true;
}

enum option_name {
    SLOTS = 256,
    BITRATE,
    FIRST_SLOT,
    PCR_INTERVAL,
    PSI_INTERVAL,
    SI_INTERVAL,
    TDT_INTERVAL,
    NIT_INTERVAL,
    GAP,
    OTHER_INTERVAL,
    SCHEDULE_INTERVAL,
    SCHEDULE_LATE_INTERVAL,
    MAY_JUMP,
    UNMARKED_CHARSET,
    GB2312_CHARSET,
    CABLE,
    FRAME_TICKS,
    DELAY,
    VIDEO_DELAY,
    AUDIO_DELAY,
    IGNORE,
    LIMIT,
    JSON,
    QUIET,
};

static const struct option OPTIONS[] = {
    {"slots-per-second", required_argument, NULL, SLOTS},
    {"bitrate", required_argument, NULL, BITRATE},
    {"first-slot", required_argument, NULL, FIRST_SLOT},
    {"pcr-interval-ms", required_argument, NULL, PCR_INTERVAL},
    {"psi-interval-ms", required_argument, NULL, PSI_INTERVAL},
    {"si-interval-ms", required_argument, NULL, SI_INTERVAL},
    {"tdt-interval-ms", required_argument, NULL, TDT_INTERVAL},
    {"nit-interval-ms", required_argument, NULL, NIT_INTERVAL},
    {"section-gap-ms", required_argument, NULL, GAP},
    {"other-interval-ms", required_argument, NULL, OTHER_INTERVAL},
    {"schedule-interval-ms", required_argument, NULL, SCHEDULE_INTERVAL},
    {"schedule-late-interval-ms", required_argument, NULL, SCHEDULE_LATE_INTERVAL},
    {"versions-may-jump", no_argument, NULL, MAY_JUMP},
    {"unmarked-charset", required_argument, NULL, UNMARKED_CHARSET},
    {"gb2312-charset", required_argument, NULL, GB2312_CHARSET},
    {"cable", no_argument, NULL, CABLE},
    {"frame-ticks", required_argument, NULL, FRAME_TICKS},
    {"max-delay-ms", required_argument, NULL, DELAY},
    {"max-video-delay-ms", required_argument, NULL, VIDEO_DELAY},
    {"max-audio-delay-ms", required_argument, NULL, AUDIO_DELAY},
    {"ignore", required_argument, NULL, IGNORE},
    {"limit", required_argument, NULL, LIMIT},
    {"json", no_argument, NULL, JSON},
    {"quiet", no_argument, NULL, QUIET},
    {NULL, 0, NULL, 0},
};

static void set_number(struct request *request, int option, int64_t value)
{
    struct ts_check_options *check = &request->check;
    const int small = value < INT32_MAX ? (int)value : INT32_MAX;
    switch (option) {
    case SLOTS:
        check->slots_per_second = value;
        check->rate_bps = value * BITS;
        break;
    case BITRATE:
        check->rate_bps = value;
        break;
    case FIRST_SLOT:
        check->has_first_slot = true;
        check->first_slot = (uint64_t)value;
        break;
    case PCR_INTERVAL:
        check->pcr_interval_ms = small;
        break;
    case PSI_INTERVAL:
        check->psi_interval_ms = small;
        break;
    case SI_INTERVAL:
        check->si_interval_ms = small;
        break;
    case TDT_INTERVAL:
        check->tdt_interval_ms = small;
        break;
    case NIT_INTERVAL:
        check->nit_interval_ms = small;
        break;
    case GAP:
        check->section_gap_ms = small;
        break;
    case OTHER_INTERVAL:
        check->other_interval_ms = small;
        break;
    case SCHEDULE_INTERVAL:
        check->schedule_interval_ms = small;
        break;
    case SCHEDULE_LATE_INTERVAL:
        check->schedule_late_interval_ms = small;
        break;
    case FRAME_TICKS:
        check->frame_ticks = value;
        break;
    case LIMIT:
        request->limit = value;
        break;
    default:
        check->video_delay_ms = option != AUDIO_DELAY ? value : check->video_delay_ms;
        check->audio_delay_ms = option != VIDEO_DELAY ? value : check->audio_delay_ms;
        break;
    }
}

static bool set_charset(struct request *request, int option, const char *name)
{
    if (!dvb_text_knows(name)) {
        fprintf(stderr, "ts-check: there is no character table '%s'\n", name);
        return false;
    }
    if (option == UNMARKED_CHARSET) {
        request->check.charsets.unmarked = name;
    } else {
        request->check.charsets.gb2312 = name;
    }
    return true;
}

static bool parse_options(int argc, char **argv, struct request *request)
{
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        int64_t value = 0;
        if (option == '?') {
            return false;
        }
        if (option == JSON) {
            request->is_json = true;
        } else if (option == QUIET) {
            request->is_quiet = true;
        } else if (option == MAY_JUMP) {
            request->check.versions_may_jump = true;
        } else if (option == CABLE) {
            request->check.wants_cable_tables = true;
        } else if (option == UNMARKED_CHARSET || option == GB2312_CHARSET) {
            if (!set_charset(request, option, optarg)) {
                return false;
            }
        } else if (option == IGNORE) {
            if (!parse_ignored(optarg, request)) {
                return false;
            }
        } else if (parse_number(optarg, &value)) {
            set_number(request, option, value);
        } else {
            return false;
        }
    }
    request->path = optind + 1 == argc ? argv[optind] : NULL;
    return request->path != NULL && request->check.rate_bps > 0;
}

/* "name key=value key=value" for every object of an array. */
static void print_objects(const char *name, const json_t *array)
{
    size_t i = 0;
    json_t *object = NULL;
    json_array_foreach(array, i, object)
    {
        const char *key = NULL;
        json_t *value = NULL;
        fputs(name, stdout);
        json_object_foreach(object, key, value)
        {
            if (json_is_string(value)) {
                printf(" %s=\"%s\"", key, json_string_value(value));
            } else if (json_is_real(value)) {
                printf(" %s=%.3f", key, json_real_value(value));
            } else if (strcmp(key, "pid") == 0) {
                printf(" %s=0x%04x", key, (unsigned)json_integer_value(value));
            } else {
                printf(" %s=%" JSON_INTEGER_FORMAT, key, json_integer_value(value));
            }
        }
        putchar('\n');
    }
}

static void print_summary(const json_t *summary, const struct request *request)
{
    if (request->is_json) {
        json_dumpf(summary, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
        putchar('\n');
        return;
    }
    if (request->is_quiet) {
        return;
    }
    print_objects("table", json_object_get(summary, "tables"));
    print_objects("clock", json_object_get(summary, "clocks"));
    print_objects("system", json_object_get(summary, "systems"));
    print_objects("stream", json_object_get(summary, "streams"));
    const char *kind = NULL;
    json_t *count = NULL;
    json_object_foreach(json_object_get(summary, "kinds"), kind, count)
    {
        printf("problems of kind %s: %" JSON_INTEGER_FORMAT "\n", kind, json_integer_value(count));
    }
    printf("%" JSON_INTEGER_FORMAT " packets, %.3f s: %" JSON_INTEGER_FORMAT
           " problems, %" JSON_INTEGER_FORMAT " things not judged\n",
           json_integer_value(json_object_get(summary, "packets")),
           json_real_value(json_object_get(summary, "seconds")),
           json_integer_value(json_object_get(summary, "problems")),
           json_integer_value(json_object_get(summary, "ungraded")));
}

/* Whole packets of the file, through one buffer; its first filling is read twice. */
static int read_file(struct ts_check *check, struct ts_report *report,
                     const struct request *request)
{
    const size_t room = (size_t)(request->check.rate_bps / BITS * AHEAD_S + 1) * PACKET;
    int result = -ENOMEM;
    uint8_t *buffer = NULL;
    FILE *file = strcmp(request->path, "-") == 0 ? stdin : fopen(request->path, "rb");
    if (file == NULL) {
        return -errno;
    }
    buffer = malloc(room);
    if (buffer == NULL) {
        goto cleanup;
    }
    size_t got = fread(buffer, 1, room, file);
    result = ts_check_learn(check, buffer, got / PACKET);
    int64_t packets = 0;
    while (result == 0 && got > 0) {
        for (size_t i = 0; i < got / PACKET; i++) {
            ts_check_packet(check, buffer + i * PACKET);
        }
        packets += (int64_t)(got / PACKET);
        if (got % PACKET != 0) {
            ts_report_problem(report, TS_SYNC, packets, -1, "the file ends inside a packet");
        }
        got = got == room ? fread(buffer, 1, room, file) : 0;
    }
    if (result == 0 && ferror(file)) {
        result = -EIO;
    }

cleanup:
    free(buffer);
    if (file != stdin) {
        fclose(file);
    }
    return result;
}

static int judge(const struct request *request, struct ts_report *report)
{
    struct ts_check *check = ts_check_create(&request->check, report);
    int result = check != NULL ? read_file(check, report, request) : -ENOMEM;
    if (result == 0) {
        ts_check_finish(check);
        json_t *summary = ts_check_summary(check);
        if (summary != NULL) {
            print_summary(summary, request);
        }
        json_decref(summary);
    }
    ts_check_destroy(check);
    return result;
}

int main(int argc, char **argv)
{
    struct request request = {.limit = 10};
    if (!parse_options(argc, argv, &request)) {
        fputs(USAGE, stderr);
        return STATUS_UNGRADED;
    }
    struct ts_report *report =
        ts_report_create(request.is_json ? stderr : stdout, (unsigned)request.limit);
    for (int kind = 0; report != NULL && kind < TS_KIND_COUNT; kind++) {
        if (request.ignored[kind]) {
            ts_report_ignore(report, (enum ts_kind)kind);
        }
    }
    const int result = report != NULL ? judge(&request, report) : -ENOMEM;
    int status = STATUS_UNGRADED;
    if (result < 0) {
        fprintf(stderr, "ts-check: %s cannot be read: %s\n", request.path, strerror(-result));
    } else if (ts_report_total(report) > 0) {
        status = STATUS_PROBLEM;
    } else if (ts_report_ungraded_count(report) == 0) {
        status = EXIT_SUCCESS;
    }
    ts_report_destroy(report);
    return status;
}
