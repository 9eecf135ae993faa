/* SPDX-License-Identifier: MIT */
/*
 * ketang verify: has anybody tampered with what is said to have gone out?
 */
#include "tools/commands.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "scheduler/report/report_verify.h"
#include "scheduler/when.h"
#include "tools/complaint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verify_request {
    const char *station_path;
    const char *channel;
    struct verify_range range;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang verify [--station FILE] CHANNEL|all [--from DATE] [--until DATE]\n"
            "                     [--anchor CHAIN]\n"
            "\n"
            "Checks the as-run record: every line is chained to all lines before it, so\n"
            "that what was changed, inserted or taken away shows. Names the first bad line.\n"
            "\n"
            "  --from DATE        the first day to check (2026-11-23, yesterday)\n"
            "  --until DATE       the last day to check\n"
            "  --anchor CHAIN     the chain printed in a daily report: it must be there\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"
            "\n"
            "Examples:\n"
            "  ketang verify all\n"
            "  ketang verify zhangdian --from 2026-11-01 --until 2026-11-30\n"),
          out);
}

static int check_request(const struct verify_request *request)
{
    const char *anchor = request->range.anchor;
    if (anchor != NULL && !asset_is_sha256(anchor)) {
        fprintf(stderr,
                _("ketang verify: '%s' is no chain; it has 64 digits and letters a to f.\n"),
                anchor);
        return -EINVAL;
    }
    if (anchor != NULL && strcmp(request->channel, "all") == 0) {
        fputs(_("ketang verify: each channel has a chain of its own; name the channel of the "
                "anchor.\n"),
              stderr);
        return -EINVAL;
    }
    return 0;
}

static int parse_options(int argc, char **argv, struct verify_request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"from", required_argument, NULL, 'f'},
        {"until", required_argument, NULL, 'u'},   {"anchor", required_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'f':
            request->range.from = optarg;
            break;
        case 'u':
            request->range.until = optarg;
            break;
        case 'a':
            request->range.anchor = optarg;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (optind + 1 != argc) {
        fprintf(stderr, _("ketang %s: name one channel.\n"), "verify");
        return -EINVAL;
    }
    request->channel = argv[optind];
    return check_request(request);
}

static void print_good(const char *channel, const struct verify_result *result)
{
    printf(ngettext("%s: %lld line is good", "%s: %lld lines are good",
                    (unsigned long)result->checked),
           channel, (long long)result->checked);
    if (result->checked > 0) {
        printf(_(", from %s:%lld to %s:%lld; the last chain is %s\n"), result->first.file,
               (long long)result->first.line, result->last.file, (long long)result->last.line,
               result->last_chain);
    } else {
        putchar('\n');
    }
}

static void print_remarks(const char *channel, const struct verify_result *result)
{
    if (result->old > 0) {
        printf(ngettext("%s: %lld line before them is of a version without chain\n",
                        "%s: %lld lines before them are of a version without chain\n",
                        (unsigned long)result->old),
               channel, (long long)result->old);
    }
    if (result->torn > 0) {
        printf(ngettext("%s: %lld line was cut off by a crash, %s:%lld\n",
                        "%s: %lld lines were cut off by crashes, the first is %s:%lld\n",
                        (unsigned long)result->torn),
               channel, (long long)result->torn, result->first_torn.file,
               (long long)result->first_torn.line);
    }
    if (result->is_first_unproven) {
        printf(_("%s: %s:%lld itself cannot be proven, for what was before it is not kept any "
                 "more; the chain in the report of the day before, given by --anchor, proves it\n"),
               channel, result->first.file, (long long)result->first.line);
    }
}

static void print_bad(const char *folder, const struct verify_result *result)
{
    const struct verify_place *bad = &result->bad;
    if (result->verdict != VERIFY_NO_ANCHOR) {
        printf("%s/%s:%lld: ", folder, bad->file, (long long)bad->line);
    }
    switch (result->verdict) {
    case VERIFY_CHANGED:
        puts(_("this line was changed, or lines before it were taken away"));
        break;
    case VERIFY_INSERTED:
        puts(_("this line was inserted here, or moved here from elsewhere"));
        break;
    case VERIFY_UNCHAINED:
        puts(_("this line has no chain, though lines before it have: it was inserted, or its "
               "chain was taken off"));
        break;
    case VERIFY_CUT_OFF:
        puts(_("this line was cut off, and what followed it is gone"));
        break;
    case VERIFY_FILE_MISSING:
        printf(_("this does not follow the last line of %s: the end of that file, or a day file "
                 "between them, is gone, or this line was changed\n"),
               result->before[0] != '\0' ? result->before : _("the day before"));
        break;
    case VERIFY_NO_ANCHOR:
        printf(_("%s: the anchor is not among the chains: the record was written anew since "
                 "that report was printed, or its day is not among those checked\n"),
               folder);
        break;
    case VERIFY_GOOD:
        break;
    }
}

static bool verify_channel(const struct station *station, const char *channel,
                           const struct verify_range *range)
{
    struct verify_result result = {0};
    char *folder = station_state_path(station, "asrun", channel);
    const int error = folder != NULL ? report_verify_folder(folder, range, &result) : -ENOMEM;
    const bool is_good = error == 0 && result.verdict == VERIFY_GOOD;
    if (error == -ENOENT) {
        fprintf(stderr, _("ketang verify: %s has no as-run record of these days in %s.\n"), channel,
                folder);
    } else if (error < 0) {
        fprintf(stderr, _("ketang verify: %s/%s cannot be read: %s.\n"), folder, result.bad.file,
                strerror(-error));
    } else if (is_good) {
        print_good(channel, &result);
        if (range->anchor != NULL) {
            printf(_("%s: the anchor is among the chains: what it was printed of is as it was\n"),
                   channel);
        }
    } else {
        print_bad(folder, &result);
    }
    if (error == 0) {
        print_remarks(channel, &result);
    }
    free(folder);
    return is_good;
}

static int verify_station(const struct station *station, const struct verify_request *request,
                          const struct verify_range *range)
{
    const bool is_all = strcmp(request->channel, "all") == 0;
    bool is_good = true;
    for (size_t i = 0; i < station_service_count(station); i++) {
        const char *name = station_service_at(station, i)->name;
        if (is_all || strcmp(name, request->channel) == 0) {
            is_good &= verify_channel(station, name, range);
        }
    }
    return is_good ? COMMAND_DONE : COMMAND_FAILED;
}

/* A day as it was typed, as the record's files are named; NULL stays NULL. */
static int read_day(const struct zone *zone, const char *said, char text[WHEN_TEXT_SIZE],
                    const char **day)
{
    int64_t date = 0;
    if (said == NULL) {
        return 0;
    }
    if (complaint_read_date("verify", zone, said, &date) < 0) {
        return -EINVAL;
    }
    *day = when_date_text(date, text);
    return 0;
}

static int check_and_verify(const struct station *station, const struct verify_request *request)
{
    char from[WHEN_TEXT_SIZE];
    char until[WHEN_TEXT_SIZE];
    struct zone *zone = NULL;
    struct verify_range range = {.anchor = request->range.anchor};
    int status = COMMAND_FAILED;
    const int result = zone_open(station->time_zone, &zone);
    if (result < 0) {
        fprintf(stderr, _("ketang %s: %s.\n"), "verify", strerror(-result));
    } else if (read_day(zone, request->range.from, from, &range.from) < 0 ||
               read_day(zone, request->range.until, until, &range.until) < 0) {
        status = COMMAND_USAGE;
    } else if (strcmp(request->channel, "all") == 0 ||
               complaint_knows_channel("verify", station, request->channel)) {
        status = verify_station(station, request, &range);
    }
    zone_close(zone);
    return status;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed != 0) {
        if (parsed < 0) {
            complaint_usage("verify");
        }
        return parsed > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    struct problems problems;
    struct station *station = NULL;
    int status = COMMAND_FAILED;
    problems_init(&problems);
    if (station_load(request.station_path, &station, &problems) == 0) {
        status = check_and_verify(station, &request);
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    station_destroy(station);
    return status;
}
