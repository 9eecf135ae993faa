/* SPDX-License-Identifier: MIT */
/*
 * The full screen of `ketang monitor`: what an engineer leaves open.
 *
 *   source, rate, arrival                        clock, running time
 *   the indicators of the three priorities, in three columns
 *   what --against has compared, and the first difference
 *   services: now and next; their streams, rates and buffers
 *   the latest events
 *   keys
 */
#include "tools/cmd_monitor.h"

#include "playout/intl.h"
#include "scheduler/text_width.h"
#include "tools/screen_text.h"
#include "tools/summary.h"

#include <curses.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

enum {
    COLUMNS = 3,
    ROWS = 10, /* of the longest column */
    HEAD = 3,
    FEWEST_EVENTS = 4,
    LINE = 512,
};

enum colour { PLAIN, GOOD, PRIORITY_1, PRIORITY_2, PRIORITY_3, DIM };

struct monitor_screen {
    SCREEN *terminal;
    char source[LINE];
    time_t start;
    bool is_paused;
    bool has_help;
};

struct monitor_screen *monitor_screen_open(const char *source)
{
    struct monitor_screen *screen = calloc(1, sizeof(*screen));
    if (screen == NULL) {
        return NULL;
    }
    if (MB_CUR_MAX == 1) {
        setlocale(LC_CTYPE, "C.UTF-8"); /* names of services are in any language */
    }
    screen->terminal = newterm(NULL, stdout, stdin);
    if (screen->terminal == NULL) {
        free(screen);
        return NULL;
    }
    snprintf(screen->source, sizeof(screen->source), "%s", source);
    screen->start = time(NULL);
    cbreak();
    noecho();
    curs_set(0);
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    start_color();
    use_default_colors();
    init_pair(GOOD, COLOR_GREEN, -1);
    init_pair(PRIORITY_1, COLOR_RED, -1);
    init_pair(PRIORITY_2, COLOR_YELLOW, -1);
    init_pair(PRIORITY_3, COLOR_CYAN, -1);
    return screen;
}

void monitor_screen_close(struct monitor_screen *screen)
{
    if (screen != NULL) {
        endwin();
        delscreen(screen->terminal);
        free(screen);
    }
}

enum monitor_key monitor_screen_key(struct monitor_screen *screen)
{
    switch (getch()) {
    case 'q':
    case 'Q':
        return MONITOR_QUIT;
    case 'r':
    case 'R':
        return MONITOR_RESET;
    case 'p':
    case 'P':
        screen->is_paused = !screen->is_paused;
        return MONITOR_NONE;
    case 'h':
    case 'H':
    case '?':
        screen->has_help = !screen->has_help;
        return MONITOR_NONE;
    default:
        return MONITOR_NONE;
    }
}

static int attribute(enum colour colour)
{
    if (colour == PLAIN) {
        return A_NORMAL;
    }
    if (colour == DIM) {
        return A_DIM;
    }
    return COLOR_PAIR((short)colour) | (colour == GOOD ? A_NORMAL : A_BOLD);
}

/* Text in at most `width` columns, a wide character taking two; what does not fit is cut. */
static void put(int row, int column, int width, enum colour colour, const char *text)
{
    wchar_t wide[LINE];
    if (row < 0 || row >= LINES || column >= COLS) {
        return;
    }
    const int room = width < COLS - column ? width : COLS - column;
    const size_t count = screen_text(text, room, wide, LINE);
    attron(attribute(colour));
    mvaddnwstr(row, column, wide, (int)count);
    attroff(attribute(colour));
}

static void put_line(int row, enum colour colour, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void put_line(int row, enum colour colour, const char *format, ...)
{
    char text[LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put(row, 0, COLS, colour, text);
}

/* What the network did, beside the rate; what never happened is not shown. */
static void draw_input(const json_t *input)
{
    char text[LINE] = "";
    int used = 0;
    const int64_t lost = summary_integer(input, "lost");
    const int64_t dropped = summary_integer(input, "dropped_here");
    const int64_t foreign = summary_integer(input, "foreign");
    if (json_is_true(json_object_get(input, "rtp"))) {
        used = snprintf(text, sizeof(text), _("RTP: lost %" PRId64 ", reordered %" PRId64 "  "),
                        lost, summary_integer(input, "reordered"));
    }
    if (dropped > 0) {
        used += snprintf(text + used, sizeof(text) - (size_t)used,
                         _("dropped here for want of room: %" PRId64 "  "), dropped);
    }
    if (foreign > 0) {
        snprintf(text + used, sizeof(text) - (size_t)used, _("of something else: %" PRId64),
                 foreign);
    }
    put(1, 50, COLS, lost > 0 || dropped > 0 ? PRIORITY_1 : PLAIN, text);
}

static void draw_head(const struct monitor_screen *screen, const json_t *summary)
{
    char clock[64];
    struct tm local;
    const time_t now = time(NULL);
    const long running = (long)(now - screen->start);
    localtime_r(&now, &local);
    put_line(0, PLAIN, "ketang monitor  %s", screen->source);
    snprintf(clock, sizeof(clock), "%02d:%02d:%02d  +%ld:%02ld:%02ld", local.tm_hour, local.tm_min,
             local.tm_sec, running / 3600, running / 60 % 60, running % 60);
    put(0, COLS - (int)strlen(clock), COLS, PLAIN, clock);
    const json_t *rate = json_object_get(summary, "rate");
    if (summary_integer(summary, "packets") == 0) {
        put_line(1, PRIORITY_1, "%s", _("nothing has come yet"));
    } else if (json_is_true(json_object_get(summary, "learning"))) {
        put_line(1, PRIORITY_2, "%s",
                 _("finding out what the rate is, and what there is to judge"));
    } else if (json_is_true(json_object_get(rate, "constant"))) {
        put_line(1, PLAIN, _("%.6f Mb/s, constant; %" PRId64 " packets"),
                 summary_number(rate, "exact_bps") / 1e6, summary_integer(summary, "packets"));
    } else {
        put_line(1, PRIORITY_2,
                 _("about %.3f Mb/s, not constant: accuracy and buffers are not judged"),
                 summary_number(rate, "exact_bps") / 1e6);
    }
    draw_input(json_object_get(summary, "input"));
}

static void draw_arrival(const json_t *summary)
{
    const json_t *arrival = json_object_get(summary, "arrival");
    const json_t *mdi = json_object_get(summary, "mdi");
    if (json_object_get(arrival, "jitter_p50_us") != NULL) {
        put_line(2, PLAIN,
                 _("jitter %.0f/%.0f/%.0f us (50 %%, 99 %%, peak)  drift %+.2f ppm  "
                   "MDI %.2f:%" PRId64),
                 summary_number(arrival, "jitter_p50_us"), summary_number(arrival, "jitter_p99_us"),
                 summary_number(arrival, "jitter_peak_us"), summary_number(arrival, "drift_ppm"),
                 summary_number(mdi, "df_ms"), summary_integer(mdi, "mlr"));
    }
}

static bool is_not_judged(const json_t *summary, const char *id)
{
    size_t i = 0;
    const json_t *gap = NULL;
    json_array_foreach(json_object_get(summary, "not_judged"), i, gap)
    {
        if (strcmp(summary_text(gap, "id"), id) == 0) {
            return true;
        }
    }
    return false;
}

/* "Continuity_count", without the "_error" that all have in common. */
static void short_name(const json_t *indicator, char *name, size_t room)
{
    snprintf(name, room, "%s", summary_text(indicator, "name"));
    char *tail = strstr(name, "_error");
    if (tail != NULL && tail[6] == '\0') {
        *tail = '\0';
    }
}

static void draw_indicator(const json_t *summary, const json_t *indicator, int row, int column,
                           int width)
{
    char name[64];
    char count[32];
    const char *id = summary_text(indicator, "id");
    const int64_t found = summary_integer(indicator, "count");
    enum colour colour = GOOD;
    short_name(indicator, name, sizeof(name));
    if (json_is_true(json_object_get(indicator, "ignored"))) {
        snprintf(count, sizeof(count), "%s", _("ignored"));
        colour = DIM;
    } else if (found > 0) {
        snprintf(count, sizeof(count), "%" PRId64, found);
        colour = (enum colour)(PRIORITY_1 + summary_integer(indicator, "priority") - 1);
    } else if (is_not_judged(summary, id)) {
        snprintf(count, sizeof(count), "?");
        colour = DIM;
    } else {
        snprintf(count, sizeof(count), "0");
    }
    char text[LINE];
    snprintf(text, sizeof(text), "%-4s %s", id, name);
    const int room = text_width(count);
    put(row, column, width - 2 - room, colour, text); /* one column between them at least */
    put(row, column + width - 1 - room, room, colour, count);
}

static void draw_indicators(const json_t *summary)
{
    const int width = COLS / COLUMNS;
    size_t i = 0;
    const json_t *indicator = NULL;
    int rows[COLUMNS] = {0};
    const json_t *errors = json_object_get(summary, "errors");
    for (int column = 0; column < COLUMNS; column++) {
        char text[LINE];
        const int64_t count = json_integer_value(json_array_get(errors, (size_t)column));
        snprintf(text, sizeof(text), _("priority %d: %" PRId64), column + 1, count);
        put(HEAD, column * width, width - 1, count > 0 ? (enum colour)(PRIORITY_1 + column) : GOOD,
            text);
    }
    json_array_foreach(json_object_get(summary, "indicators"), i, indicator)
    {
        const int column = (int)summary_integer(indicator, "priority") - 1;
        draw_indicator(summary, indicator, HEAD + 1 + rows[column]++, column * width, width);
    }
}

/* The object in an array that has this PID, or NULL. */
static const json_t *of_pid(const json_t *array, int64_t pid)
{
    size_t i = 0;
    const json_t *object = NULL;
    json_array_foreach(array, i, object)
    {
        if (summary_integer(object, "pid") == pid) {
            return object;
        }
    }
    return NULL;
}

static void draw_stream(const json_t *summary, const json_t *stream, int row)
{
    char text[LINE];
    const int64_t number = summary_integer(stream, "pid");
    const json_t *pid = of_pid(json_object_get(summary, "pids"), number);
    const json_t *buffers = of_pid(json_object_get(summary, "streams"), number);
    int used = snprintf(text, sizeof(text), "  0x%04x %-12s %9.1f kb/s %5.1f %%", (unsigned)number,
                        summary_text(stream, "what"), summary_number(pid, "bps") / 1e3,
                        summary_number(pid, "share") * 100);
    if (json_object_get(buffers, "tb_size") != NULL) {
        used += snprintf(text + used, sizeof(text) - (size_t)used, "  TB %" PRId64 "/%" PRId64,
                         summary_integer(buffers, "tb_peak"), summary_integer(buffers, "tb_size"));
        if (summary_integer(buffers, "mb_size") > 0 && COLS >= 100) {
            used +=
                snprintf(text + used, sizeof(text) - (size_t)used, "  MB %" PRId64 "/%" PRId64,
                         summary_integer(buffers, "mb_peak"), summary_integer(buffers, "mb_size"));
        }
        snprintf(text + used, sizeof(text) - (size_t)used, "  B %" PRId64 "/%" PRId64,
                 summary_integer(buffers, "b_peak"), summary_integer(buffers, "b_size"));
    }
    put(row, 0, COLS, PLAIN, text);
}

static void draw_service(const json_t *service, int row)
{
    char text[LINE];
    const json_t *now = json_object_get(service, "now");
    const json_t *next = json_object_get(service, "next");
    int used = snprintf(text, sizeof(text), "%" PRId64 " %s  %.1f kb/s",
                        summary_integer(service, "service_id"), summary_text(service, "name"),
                        summary_number(service, "bps") / 1e3);
    if (json_is_object(now) && used < LINE) {
        used += snprintf(text + used, sizeof(text) - (size_t)used, _("  now: %s"),
                         summary_text(now, "name"));
    }
    if (json_is_object(next) && used < LINE) {
        snprintf(text + used, sizeof(text) - (size_t)used, _("  next: %s"),
                 summary_text(next, "name"));
    }
    put(row, 0, COLS, PLAIN, text);
}

/* The whole text, from the left, over as many rows as it takes; returns the row below. */
static int put_whole(int row, enum colour colour, const char *text)
{
    wchar_t wide[LINE];
    const size_t count = screen_text(text, INT_MAX, wide, LINE);
    attron(attribute(colour));
    for (size_t at = 0, size = 0; at < count && row < LINES; at += size) {
        at += at > 0 && wide[at] == L' ' ? 1 : 0;
        size = screen_text_row(wide + at, count - at, COLS);
        if (size == 0) {
            break;
        }
        mvaddnwstr(row++, 0, wide + at, (int)size);
    }
    attroff(attribute(colour));
    return row;
}

/* Returns the row below. */
static int draw_against(const struct monitor_against_lines *against, int row)
{
    const enum colour colour = against->is_fault ? PRIORITY_1 : GOOD;
    const char *const lines[] = {against->totals, against->first};
    for (size_t i = 0; i < 2; i++) {
        if (lines[i][0] != '\0') {
            row = put_whole(row, colour, lines[i]);
        }
    }
    return row;
}

/* Returns the row below. */
static int draw_services(const json_t *summary, int row, int end)
{
    size_t i = 0;
    const json_t *service = NULL;
    json_array_foreach(json_object_get(summary, "services"), i, service)
    {
        size_t k = 0;
        const json_t *stream = NULL;
        if (row < end) {
            draw_service(service, row++);
        }
        json_array_foreach(json_object_get(service, "streams"), k, stream)
        {
            if (row < end) {
                draw_stream(summary, stream, row++);
            }
        }
    }
    const json_t *nulls = of_pid(json_object_get(summary, "pids"), 0x1fff);
    if (nulls != NULL && row < end) {
        put_line(row++, PLAIN, _("  0x1fff null         %9.1f kb/s %5.1f %%"),
                 summary_number(nulls, "bps") / 1e3, summary_number(nulls, "share") * 100);
    }
    return row;
}

static void draw_event(const json_t *event, int row)
{
    char when[32] = "";
    char text[LINE];
    struct tm local;
    const int64_t arrival_ns = summary_integer(event, "arrival_ns");
    const time_t seconds = (time_t)(arrival_ns / 1000000000);
    const int64_t repeats = summary_integer(event, "repeats");
    localtime_r(&seconds, &local);
    strftime(when, sizeof(when), "%H:%M:%S", &local);
    int used = snprintf(text, sizeof(text), "%s %-4s", when, summary_text(event, "id"));
    if (json_object_get(event, "pid") != NULL) {
        used += snprintf(text + used, sizeof(text) - (size_t)used, " 0x%04x",
                         (unsigned)summary_integer(event, "pid"));
    }
    used += snprintf(text + used, sizeof(text) - (size_t)used, " #%" PRId64,
                     summary_integer(event, "packet"));
    if (repeats > 0) {
        used += snprintf(text + used, sizeof(text) - (size_t)used, " x%" PRId64, repeats + 1);
    }
    snprintf(text + used, sizeof(text) - (size_t)used, " %s", summary_text(event, "text"));
    const int64_t priority = summary_integer(event, "priority");
    put(row, 0, COLS, priority > 0 ? (enum colour)(PRIORITY_1 + priority - 1) : DIM, text);
}

static void draw_events(const json_t *summary, int row, int end)
{
    const json_t *recent = json_object_get(summary, "recent");
    const size_t count = json_array_size(recent);
    if (count == 0 && row < end) {
        put_line(row, DIM, "%s", _("no events"));
    }
    for (size_t i = 0; i < count && row < end; i++) {
        draw_event(json_array_get(recent, count - 1 - i), row++);
    }
}

static void draw_help(const json_t *summary)
{
    size_t i = 0;
    int row = 0;
    const json_t *indicator = NULL;
    json_array_foreach(json_object_get(summary, "indicators"), i, indicator)
    {
        char text[LINE];
        const char *id = summary_text(indicator, "id");
        snprintf(text, sizeof(text), "%-4s %-24s %s", id, summary_text(indicator, "name"),
                 monitor_indicator(id));
        put(row++, 0, COLS, PLAIN, text);
    }
}

static void draw_rule(int row)
{
    mvhline(row, 0, ACS_HLINE, COLS);
}

void monitor_screen_draw(struct monitor_screen *screen, const json_t *summary,
                         const struct monitor_against_lines *against)
{
    const int last = LINES - 1;
    if (!screen->is_paused) {
        erase();
        if (screen->has_help) {
            draw_help(summary);
        } else {
            const int rule = HEAD + 1 + ROWS;
            draw_head(screen, summary);
            draw_arrival(summary);
            draw_indicators(summary);
            draw_rule(rule);
            const int services = draw_against(against, rule + 1);
            const int events = draw_services(summary, services, last - FEWEST_EVENTS - 1);
            draw_rule(events);
            draw_events(summary, events + 1, last);
        }
    }
    move(last, 0);
    clrtoeol();
    put_line(last, screen->is_paused ? PRIORITY_2 : DIM, "%s%s",
             _("q quit   r reset the counts   p pause   h what the numbers mean"),
             screen->is_paused ? _("   PAUSED") : "");
    refresh();
}
