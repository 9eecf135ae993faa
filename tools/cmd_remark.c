/* SPDX-License-Identifier: MIT */
/*
 * ketang remark: the reason of an incident, told afterwards, for the report.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/report/report_load.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/reason_text.h"
#include "tools/store_command.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MOST = 20 };

struct remark_request {
    const char *station_path;
    const char *channel;
    const char *time;
    const char *reason;
    char author[AUTHOR_NAME_SIZE];
    bool may_replace;
    bool removes; /* what was said */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang remark [--station FILE] CHANNEL TIME --reason TEXT [--by NAME]\n"
            "                     [--replace]\n"
            "       ketang remark [--station FILE] CHANNEL TIME --remove [--by NAME]\n"
            "                     [--replace]\n"
            "\n"
            "Gives an incident of the daily report its reason, once it is known: lost signal,\n"
            "unplanned filler and what else no order explains. The report shows it, with who\n"
            "told it; the as-run record stays as it is. Said again by the same person, the\n"
            "last reason counts; another person's stands until --replace.\n"
            "TIME is a minute, a second, or as the report writes it: 10:20:03.48.\n"
            "\n"
            "  --reason TEXT      why it happened\n"
            "  --remove           what was said was wrong: the report shows no reason\n"
            "  --by NAME          who says so; the user when left out\n"
            "  --replace          another person's reason too; it stays in the file\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang remark zhangdian 10:20 --reason \"the fibre to the headend was cut\"\n"
            "  ketang remark zhangdian \"2026-11-23 10:20:03\" --reason \"power failure\"\n"
            "  ketang remark zhangdian 10:20 --remove\n"),
          out);
}

static int check_request(const struct remark_request *request)
{
    if (request->removes) {
        if (request->reason[0] == '\0') {
            return 0;
        }
        fputs(_("ketang remark: give a reason or take it away: --reason or --remove.\n"), stderr);
        return -EINVAL;
    }
    if (request->reason[0] == '\0') {
        fputs(_("ketang remark: say why, by --reason TEXT.\n"), stderr);
        return -EINVAL;
    }
    if (strlen(request->reason) > REMARK_REASON_MOST) {
        fprintf(stderr, _("ketang remark: the reason is too long; %d bytes are the most.\n"),
                REMARK_REASON_MOST);
        return -EINVAL;
    }
    return 0;
}

static int parse_options(int argc, char **argv, struct remark_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"reason", required_argument, NULL, 'r'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"replace", no_argument, NULL, 'p'},
                                            {"remove", no_argument, NULL, 'm'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    const char *by = NULL;
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'r':
            request->reason = reason_text(optarg);
            break;
        case 'b':
            by = optarg;
            break;
        case 'p':
            request->may_replace = true;
            break;
        case 'm':
            request->removes = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (argc - optind != 2) {
        fprintf(stderr, _("ketang %s: name %s.\n"), "remark", _("CHANNEL TIME"));
        return -EINVAL;
    }
    request->channel = argv[optind];
    request->time = argv[optind + 1];
    const int result = check_request(request);
    return result == 0 ? author_name_read("remark", by, request->author) : result;
}

/* --- Which incident ------------------------------------------------------------------ */

static bool is_then(const struct compared_span *span, const struct frame_span *said, bool begins)
{
    return ledger_rule(span->class)->is_incident && span->from < said->to &&
           (begins ? span->from >= said->from : span->to > said->from);
}

/* Of those that begin in the stretch said, or else of those that go on in it: the first. */
static const struct compared_span *find_incident(const struct comparison *comparison,
                                                 const struct frame_span *said, size_t *count)
{
    const struct compared_span *found = NULL;
    *count = 0;
    for (int begins = 1; begins >= 0 && found == NULL; begins--) {
        for (size_t i = 0; i < comparison->span_count; i++) {
            if (is_then(&comparison->spans[i], said, begins != 0)) {
                found = found == NULL ? &comparison->spans[i] : found;
                (*count)++;
            }
        }
    }
    return found;
}

static void print_incident(FILE *out, const struct zone *zone, const struct compared_span *span)
{
    char text[ZONE_TEXT_SIZE];
    fprintf(out, "  %.22s  %9.2f s  %s\n", zone_frame_text(zone, span->from, text),
            ledger_seconds(span->to - span->from), _(ledger_rule(span->class)->name));
}

static void complain_of_none(const struct report_source *source, const char *time,
                             const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    size_t count = 0;
    fprintf(stderr, _("ketang remark: the report of %s, %s has no incident at %s.\n"),
            channel->service->title, channel->day.date, time);
    for (size_t i = 0; i < comparison->span_count; i++) {
        if (!ledger_rule(comparison->spans[i].class)->is_incident) {
            continue;
        }
        if (count == 0) {
            fputs(_("Those of that day:\n"), stderr);
        }
        if (count < LISTED_MOST) {
            print_incident(stderr, source->zone, &comparison->spans[i]);
        }
        count++;
    }
    if (count > LISTED_MOST) {
        fprintf(stderr, _("  … and %zu more: ketang report --day %s --channel %s\n"),
                count - LISTED_MOST, channel->day.date, channel->service->name);
    }
}

static void complain_of_several(const struct report_source *source, const char *time,
                                const struct channel_day *channel, const struct frame_span *said,
                                const struct compared_span *first, size_t count)
{
    const struct comparison *comparison = &channel->comparison;
    fprintf(stderr,
            _("ketang remark: nothing was kept: at %s there were %zu incidents, each with a reason "
              "of its own.  Say the time of the one that is meant as it stands here:\n"),
            time, count);
    for (size_t i = 0; i < comparison->span_count; i++) {
        if (is_then(&comparison->spans[i], said, first->from >= said->from)) {
            print_incident(stderr, source->zone, &comparison->spans[i]);
        }
    }
}

/* --- The command ---------------------------------------------------------------------- */

static const char *remark_time(const struct zone *zone, const struct report_remark *remark,
                               char text[ZONE_TEXT_SIZE])
{
    return zone_frame_text(zone, remark->written_ms * FRAMES_PER_SECOND / 1000, text);
}

/* A colleague may have told it just now: what counts is in the file. */
static void complain_of_another(const struct report_source *source, const char *folder,
                                const char *date, const struct compared_span *span)
{
    struct report_remarks remarks = {0};
    char text[ZONE_TEXT_SIZE];
    const struct report_remark *stands = report_remarks_load(folder, date, &remarks) == 0
                                             ? report_remarks_find(&remarks, span->from, span->to)
                                             : NULL;
    if (stands != NULL) {
        fprintf(stderr,
                _("ketang remark: nothing was kept: %s has given a reason already, at %.19s:\n"
                  "  %s\n"
                  "If it is to go, say it again with --replace.\n"),
                stands->author, remark_time(source->zone, stands, text), stands->reason);
    }
    if (stands == NULL) {
        fputs(
            _("ketang remark: nothing was kept: somebody else has given a reason already; `ketang "
              "report` shows it.\n"),
            stderr);
    }
    report_remarks_finish(&remarks);
}

static void tell_replaced(const struct report_source *source, const struct channel_day *channel,
                          const struct compared_span *span, const char *folder, bool removes)
{
    char text[ZONE_TEXT_SIZE];
    const struct report_remark *before =
        report_remarks_find(&channel->remarks, span->from, span->to);
    if (before != NULL) {
        printf(removes ? _("What %s said at %.19s stays in %s/%s.json:\n"
                           "  %s\n")
                       : _("It is in place of what %s said at %.19s, which stays in %s/%s.json:\n"
                           "  %s\n"),
               before->author, remark_time(source->zone, before, text), folder, channel->day.date,
               before->reason);
    }
}

static int write_remark(const struct report_source *source, const struct remark_request *request,
                        const struct channel_day *channel, const struct compared_span *span)
{
    const struct report_remark remark = {.from = span->from,
                                         .to = span->to,
                                         .reason = request->reason,
                                         .author = request->author,
                                         .written_ms = store_command_now_ms()};
    char *folder = station_state_path(source->station, "remarks", channel->service->name);
    const int result =
        folder != NULL ? report_remark_add(folder, channel->day.date, &remark, request->may_replace)
                       : -ENOMEM;
    if (result == -EEXIST) {
        complain_of_another(source, folder, channel->day.date, span);
    } else if (result == -ENOENT && request->removes) {
        fputs(_("ketang remark: nothing was taken away: nobody has given a reason for:\n"), stderr);
        print_incident(stderr, source->zone, span);
    } else if (result == -EINVAL) {
        fputs(_("ketang remark: reason and author must be text in UTF-8.\n"), stderr);
    } else if (result == -EOVERFLOW) {
        fprintf(stderr, _("ketang remark: %s has %d remarks already; no more are kept.\n"),
                channel->day.date, REMARK_REMARKS_MOST);
    } else if (result < 0) {
        fprintf(stderr, _("ketang remark: %s/%s.json cannot be written: %s. Nothing was kept.\n"),
                folder != NULL ? folder : "", channel->day.date,
                result == -EBADMSG ? _("it is damaged") : strerror(-result));
    } else {
        printf(request->removes ? _("The report of %s shows no reason any more, for %s:\n")
                                : _("The reason is kept, and the report of %s shows it, for %s:\n"),
               channel->day.date, channel->service->title);
        print_incident(stdout, source->zone, span);
        tell_replaced(source, channel, span, folder, request->removes);
    }
    free(folder);
    return result;
}

/* A minute that was said is all of it, a second too: 10:20, 10:20:00; 10:20:00.48 is a frame. */
static int read_time(const struct remark_request *request, const struct station *station,
                     struct frame_span *said)
{
    enum { HUNDREDTHS_OF_FRAME = 100 / FRAMES_PER_SECOND };
    const char *clock = strchr(request->time, ':');
    const bool is_second = clock != NULL && clock[1] != '\0' && clock[2] != '\0' && clock[3] == ':';
    const char *point = strchr(is_second ? clock : "", '.');
    const bool is_frame = point != NULL && isdigit((unsigned char)point[1]) &&
                          isdigit((unsigned char)point[2]) && point[3] == '\0';
    char *second = is_frame ? strndup(request->time, (size_t)(point - request->time)) : NULL;
    int64_t seconds = 0;
    const int result = complaint_read_time("remark", station->time_zone,
                                           second != NULL ? second : request->time, &seconds);
    free(second);
    if (result < 0) {
        return -EINVAL;
    }
    said->from =
        seconds * FRAMES_PER_SECOND + (is_frame ? atoi(point + 1) / HUNDREDTHS_OF_FRAME : 0);
    said->to = said->from + (is_frame ? 1 : (is_second ? 1 : 60) * FRAMES_PER_SECOND);
    return 0;
}

static int remark_on(const struct report_source *source, const struct remark_request *request,
                     const struct frame_span *said, struct problems *problems)
{
    const struct report_day day = report_day_at(source->zone, said->from);
    const struct service *service = station_service(source->station, request->channel);
    struct channel_day channel = {0};
    int result = channel_day_load(source, service, &day, &channel, problems);
    if (result == 0) {
        size_t count = 0;
        const struct compared_span *span = find_incident(&channel.comparison, said, &count);
        if (count > 1) {
            complain_of_several(source, request->time, &channel, said, span, count);
            result = -ENOTUNIQ;
        } else if (span != NULL) {
            result = write_remark(source, request, &channel, span);
        } else {
            complain_of_none(source, request->time, &channel);
            result = -ENOENT;
        }
    } else if (problems->errors == 0) {
        fprintf(stderr, _("ketang %s: %s.\n"), "remark", strerror(-result));
    }
    channel_day_finish(&channel);
    return result;
}

static int remark(const struct station *station, const struct remark_request *request,
                  struct problems *problems)
{
    struct report_catalogue catalogue = {0};
    struct zone *zone = NULL;
    struct frame_span said;
    int result = read_time(request, station, &said);
    if (result < 0) {
        return result;
    }
    result = zone_open(station->time_zone, &zone);
    if (result == 0) {
        result = report_catalogue_load(&catalogue, station);
    }
    if (result < 0) {
        fprintf(stderr, _("ketang %s: %s.\n"), "remark", strerror(-result));
    } else {
        const struct report_source source = {.station = station,
                                             .zone = zone,
                                             .catalogue = &catalogue,
                                             .now =
                                                 store_command_now_ms() * FRAMES_PER_SECOND / 1000};
        result = remark_on(&source, request, &said, problems);
    }
    report_catalogue_finish(&catalogue);
    zone_close(zone);
    return result;
}

int cmd_remark(int argc, char **argv)
{
    struct remark_request request = {.station_path = DEFAULT_STATION, .reason = ""};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        return parsed > 0 ? COMMAND_DONE : complaint_usage("remark");
    }
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    int result = station_load(request.station_path, &station, &problems);
    if (result < 0) {
        result = -ENOENT; /* the file's fault, not the command's */
    } else {
        result = !complaint_swapped("remark", station, request.channel, request.time) &&
                         complaint_knows_channel("remark", station, request.channel)
                     ? remark(station, &request, &problems)
                     : -ENOENT;
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    station_destroy(station);
    return result == 0 ? COMMAND_DONE : result == -EINVAL ? COMMAND_USAGE : COMMAND_FAILED;
}
