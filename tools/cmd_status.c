/* SPDX-License-Identifier: MIT */
/*
 * ketang status: what every channel airs, and how well.
 */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"
#include "scheduler/order.h"
#include "scheduler/reasons_text.h"
#include "tools/complaint.h"
#include "tools/engine_client.h"
#include "tools/order_words.h"
#include "tools/scheduler_status.h"
#include "tools/status_alarms.h"
#include "tools/text_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMNS = 7,
    CELL_SIZE = 160,
    CELL_WIDTH = 30, /* of the widest column */
};

struct status_request {
    const char *station_path;
    const char *channel; /* NULL: all */
    bool is_json;
};

/* The table as text: cells of rows, the first row being the head. */
struct sheet {
    char (*cells)[CELL_SIZE];
    size_t rows;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang status [--station FILE] [--json] [CHANNEL]\n"
            "\n"
            "Shows what every channel, or one, airs now and next, how late its datagrams\n"
            "leave (microseconds: half of them, 99 in 100, all); then what is wrong: first\n"
            "what concerns the air now, then what threatens the next hour, then the rest; of\n"
            "lessons no more than five of a kind are named.\n"
            "\n"
            "The next programme has the time at which it begins before it.  What remains is\n"
            "up to the end of the present one's period, its repeats and the fillers after it\n"
            "counted in; between periods, up to the next programme.\n"
            "\n"
            "  --json             everything, for programs\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang status\n"
          "  ketang status zhangdian\n"
          "  ketang status --json | jq .channels\n",
          out);
}

static int parse_options(int argc, char **argv, struct status_request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'j':
            request->is_json = true;
            break;
        case 'h':
            print_usage(stdout);
            return 1;
        default:
            return -EINVAL;
        }
    }
    request->channel = optind < argc ? argv[optind++] : NULL;
    return complaint_stray("status", argc, argv, optind);
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static int64_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* A kind of event as an operator calls it. */
static const char *kind_text(const char *kind)
{
    enum event_kind known = EVENT_LESSON;
    return kind != NULL && event_kind_parse(kind, &known) == 0 ? _(kind) : "";
}

/* The slate, or a filler that is there for a reason: its title is not what one sees. */
static bool is_stand_in(const char *kind, const char *reason)
{
    return kind != NULL &&
           (strcmp(kind, "slate") == 0 || (strcmp(kind, "filler") == 0 && reason != NULL));
}

/* A live source that is not there: the slate is seen. */
static bool is_live_slate(const json_t *event)
{
    const char *kind = text_of(event, "kind");
    const char *asset = text_of(event, "asset"); /* of what is next it is not told */
    return kind != NULL && strcmp(kind, "live") == 0 && asset != NULL && asset[0] == '\0';
}

/* "emergency, slate": by which break-in it is there, and what is seen then. */
static void write_kind(char *text, size_t size, const json_t *event)
{
    const bool is_live = is_live_slate(event);
    const char *kind = is_live ? "slate" : text_of(event, "kind");
    const char *by = text_of(event, "order");
    enum order_kind order = ORDER_SKIP;
    if (by == NULL || order_kind_parse(by, &order) < 0 || !order_kind_is_break_in(order)) {
        snprintf(text, size, "%s%s%s", is_live ? kind_text("live") : "", is_live ? _(", ") : "",
                 kind_text(kind));
        return;
    }
    const bool is_told = kind == NULL || strcmp(kind, "slate") != 0 || order == ORDER_SLATE;
    order_words_kind(by, "", text, size);
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", is_told ? "" : _(", "),
             is_told ? "" : kind_text(kind));
}

static void write_event(char cell[CELL_SIZE], const json_t *event)
{
    const char *title = text_of(event, "title");
    /* Something else is shown in its place; an alarm says why. */
    const char *mark = json_is_true(json_object_get(event, "substituted")) ? "! " : "";
    const char *kind = text_of(event, "kind");
    const char *reason = text_of(event, "reason");
    char reasons[CELL_SIZE] = "";
    if (!json_is_object(event)) {
        cell[0] = '\0';
    } else if (title != NULL && !is_stand_in(kind, reason) && !is_live_slate(event)) {
        snprintf(cell, CELL_SIZE, "%s%s", mark, title);
    } else {
        reasons_text(reason, reasons, sizeof(reasons));
        const char *what = title != NULL ? title : reasons;
        char text[CELL_SIZE / 2];
        write_kind(text, sizeof(text), event);
        snprintf(cell, CELL_SIZE, _("%s(%s)%s%s"), mark, text, what[0] != '\0' ? " " : "", what);
    }
}

/* With the clock of its start first, where it is not cut off; of another day with the date. */
static void write_next(char cell[CELL_SIZE], const json_t *next, const json_t *answer,
                       const struct zone *zone)
{
    char what[CELL_SIZE];
    char time[ZONE_TEXT_SIZE];
    write_event(what, next);
    if (!json_is_object(next) || zone == NULL) {
        snprintf(cell, CELL_SIZE, "%s", what);
        return;
    }
    const int64_t start = number_of(next, "start");
    const bool is_today = zone_date(zone, start / FRAMES_PER_SECOND) ==
                          zone_date(zone, number_of(answer, "frame") / FRAMES_PER_SECOND);
    zone_frame_text(zone, start, time); /* 2026-11-27 08:55:00.000 */
    snprintf(cell, CELL_SIZE, "%.*s %s", is_today ? 5 : 11, time + (is_today ? 11 : 5), what);
}

static void write_remaining(char cell[CELL_SIZE], const json_t *now)
{
    const json_t *remaining = json_object_get(now, "remaining_ms");
    if (!json_is_integer(remaining)) {
        cell[0] = '\0';
        return;
    }
    const int64_t seconds = (json_integer_value(remaining) + 999) / 1000;
    if (json_is_true(json_object_get(now, "until_return"))) {
        snprintf(cell, CELL_SIZE, "%s", _("until return"));
    } else if (seconds >= 3600) {
        snprintf(cell, CELL_SIZE, "%" PRId64 ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
                 (int)(seconds % 60));
    } else {
        snprintf(cell, CELL_SIZE, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
    }
}

static void write_channel(char (*row)[CELL_SIZE], const json_t *channel, const json_t *answer,
                          const struct zone *zone)
{
    const json_t *now = json_object_get(channel, "now");
    const json_t *lateness = json_object_get(channel, "lateness");
    const size_t alarms = json_array_size(json_object_get(channel, "alarms"));
    const char *name = text_of(channel, "name");
    snprintf(row[0], CELL_SIZE, "%s", name != NULL ? name : "?");
    if (!json_is_true(json_object_get(channel, "on_air"))) {
        snprintf(row[1], CELL_SIZE, "%s", _("OFF THE AIR"));
    } else if (json_is_true(json_object_get(channel, "muted"))) {
        snprintf(row[1], CELL_SIZE, "%s", _("MUTED"));
    } else {
        write_event(row[1], now);
    }
    write_next(row[2], json_object_get(channel, "next"), answer, zone);
    write_remaining(row[3], now);
    if (lateness != NULL && !json_is_true(json_object_get(channel, "muted"))) {
        snprintf(row[4], CELL_SIZE, "%.3f Mb/s", (double)number_of(channel, "bitrate_bps") / 1e6);
        snprintf(row[5], CELL_SIZE, "%" PRId64 "/%" PRId64 "/%" PRId64 " \xc2\xb5s",
                 number_of(lateness, "p50_us"), number_of(lateness, "p99_us"),
                 number_of(lateness, "max_us"));
    }
    if (alarms > 0) {
        snprintf(row[6], CELL_SIZE, "%zu", alarms);
    }
}

static void write_head(char (*row)[CELL_SIZE])
{
    const char *const names[COLUMNS] = {_("CHANNEL"), _("NOW"),      _("NEXT"),  _("REMAINING"),
                                        _("RATE"),    _("LATENESS"), _("ALARMS")};
    for (size_t i = 0; i < COLUMNS; i++) {
        snprintf(row[i], CELL_SIZE, "%s", names[i]);
    }
}

static void print_sheet(const struct sheet *sheet)
{
    const char **cells = calloc(sheet->rows * COLUMNS, sizeof(cells[0]));
    if (cells != NULL) {
        for (size_t i = 0; i < sheet->rows * COLUMNS; i++) {
            cells[i] = sheet->cells[i];
        }
        text_table_print(stdout, cells, sheet->rows, COLUMNS, CELL_WIDTH);
        free(cells);
    }
}

static int print_table(const json_t *answer)
{
    const json_t *channels = json_object_get(answer, "channels");
    size_t index = 0;
    const json_t *channel = NULL;
    struct sheet sheet = {.rows = json_array_size(channels) + 1};
    struct zone *zone = NULL;
    sheet.cells = calloc(sheet.rows * COLUMNS, sizeof(sheet.cells[0]));
    if (sheet.cells == NULL) {
        return COMMAND_FAILED;
    }
    (void)zone_open(text_of(answer, "time_zone"), &zone); /* without it no clock is told */
    write_head(sheet.cells);
    json_array_foreach(channels, index, channel)
    {
        write_channel(&sheet.cells[(index + 1) * COLUMNS], channel, answer, zone);
    }
    print_sheet(&sheet);
    zone_close(zone);
    free(sheet.cells);
    return COMMAND_DONE;
}

/* --- One channel alone ---------------------------------------------------------------- */

/* A station file that cannot be read knows none: what is wrong with it is told later. */
static bool knows_channel(const struct status_request *request)
{
    struct problems problems;
    struct station *station = NULL;
    problems_init(&problems);
    const bool is_known = station_load(request->station_path, &station, &problems) < 0 ||
                          complaint_knows_channel("status", station, request->channel);
    problems_finish(&problems);
    station_destroy(station);
    return is_known;
}

/* Leaves of a list what is of that channel: names, or objects that have it as `key`. */
static void keep_channel(json_t *list, const char *key, const char *channel)
{
    for (size_t i = json_array_size(list); i > 0; i--) {
        const json_t *item = json_array_get(list, i - 1);
        const char *name = json_is_string(item) ? json_string_value(item) : text_of(item, key);
        if (name == NULL || strcmp(name, channel) != 0) {
            json_array_remove(list, i - 1);
        }
    }
}

/* Of lessons that are not ready the scheduler tells no others: its list is cut off. */
static void keep_status(json_t *answer, json_t *scheduler, const char *channel)
{
    const json_t *tomorrow = json_object_get(scheduler, "tomorrow");
    keep_channel(json_object_get(answer, "channels"), "name", channel);
    keep_channel(json_object_get(scheduler, "channels"), "name", channel);
    keep_channel(json_object_get(tomorrow, "open"), NULL, channel);
    keep_channel(json_object_get(tomorrow, "closed"), NULL, channel);
}

int cmd_status(int argc, char **argv)
{
    struct status_request request = {.station_path = DEFAULT_STATION};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed > 0) {
        return COMMAND_DONE;
    }
    if (parsed < 0) {
        return complaint_usage("status");
    }
    if (request.channel != NULL && !knows_channel(&request)) {
        return COMMAND_FAILED;
    }
    json_t *answer =
        engine_client_ask(request.station_path, json_pack("{s:s}", "command", "status"));
    json_t *scheduler = scheduler_status_ask(request.station_path, request.channel);
    int status = answer != NULL ? COMMAND_DONE : COMMAND_FAILED;
    if (request.channel != NULL) {
        keep_status(answer, scheduler, request.channel);
    }
    if (request.is_json && answer != NULL) {
        json_object_set(answer, "scheduler", scheduler);
        json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        fputc('\n', stdout);
    } else if (!request.is_json) {
        status = answer != NULL ? print_table(answer) : COMMAND_FAILED;
        status_alarms_print(stdout, answer, scheduler);
    }
    json_decref(scheduler);
    json_decref(answer);
    return status;
}
