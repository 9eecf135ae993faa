/* SPDX-License-Identifier: MIT */
/*
 * ketang take and its friends: orders to the scheduler, which amends the plan.
 * What each asks of it is in scheduler/order_desk.h.
 */
#include "tools/commands.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/station.h"
#include "scheduler/when.h"
#include "tools/complaint.h"
#include "tools/running_socket.h"
#include "tools/take_answer.h"
#include "tools/take_line.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_MS = 30000, RETURN_MS = 6000, RETRY_MS = 300 };

/* --- What is asked -------------------------------------------------------------------------- */

static bool is_command(const struct take_order *order, const char *name)
{
    return strcmp(order->command, name) == 0;
}

static void set_text(json_t *request, const char *key, const char *text)
{
    if (text != NULL) {
        json_object_set_new(request, key, json_string(text));
    }
}

/* Seconds of "5", "2.5", "5分钟" or "5:30" minutes; -1: none of them. */
static int64_t seconds_of(const char *minutes)
{
    char *end = NULL;
    const double value = strtod(minutes, &end);
    const bool is_number = *minutes != '\0' && *end == '\0' && value > 0 && value <= 1440;
    const int length = is_number ? 0 : when_length(minutes);
    return is_number ? (int64_t)(value * 60 + 0.5) : length > 0 ? length : -1;
}

static int set_length(json_t *request, const char *minutes)
{
    const int64_t seconds = minutes != NULL ? seconds_of(minutes) : 0;
    if (seconds < 0) {
        fprintf(stderr, _("ketang: '%s' is no number of minutes; write 5, or 2.5.\n"), minutes);
        return -EINVAL;
    }
    json_object_set_new(request, "length", json_integer(seconds));
    return 0;
}

static int set_id(json_t *request, const char *text)
{
    char *end = NULL;
    errno = 0;
    const long long id = strtoll(text, &end, 10);
    if (*end != '\0' || errno != 0 || id < 1) {
        fprintf(stderr,
                _("ketang undo: '%s' is no number of an order; name one, as `ketang orders` "
                  "lists them.\n"),
                text);
        return -EINVAL;
    }
    json_object_set_new(request, "id", json_integer(id));
    return 0;
}

/* `take` is short for three others. */
static int ask_take(json_t *request, const struct take_order *order)
{
    const char *what = order->word_count > 1 ? order->words[1] : "next";
    const bool is_live = strcmp(what, "live") == 0;
    if (is_live != (order->word_count == 3)) {
        fputs(_("ketang take: name next, a house number, or live and its source.\n"), stderr);
        return -EINVAL;
    }
    if (is_live) {
        set_text(request, "command", "live");
        set_text(request, "live", order->words[2]);
    } else if (strcmp(what, "next") == 0) {
        set_text(request, "command", "skip");
        set_text(request, "mode", "follow");
    } else {
        set_text(request, "command", "insert");
        set_text(request, "house_number", what);
    }
    return 0;
}

static int ask(json_t *request, const struct take_order *order)
{
    const char *const *words = order->words;
    set_text(request, "command", order->command);
    set_text(request, "channel", words[0]);
    set_text(request, "reason", order->reason);
    set_text(request, "author", order->author);
    set_text(request, "at", order->at);
    set_text(request, "mode", order->mode);
    if (is_command(order, "take")) {
        return ask_take(request, order);
    }
    if (is_command(order, "emergency") || is_command(order, "insert")) {
        set_text(request, "house_number", words[1]);
    } else if (is_command(order, "live")) {
        set_text(request, "live", words[1]);
        return set_length(request, order->minutes);
    } else if (is_command(order, "replace")) {
        set_text(request, "at", strcmp(words[1], "next") == 0 ? NULL : words[1]);
        set_text(request, "house_number", words[2]);
    } else if (is_command(order, "extend")) {
        return set_length(request, words[1]);
    } else if (is_command(order, "undo")) {
        return set_id(request, words[1]);
    }
    return 0;
}

/* --- The scheduler, which may be slow, or away for a moment ---------------------------------- */

static bool is_away(int result)
{
    return result == -ENOENT || result == -ECONNREFUSED;
}

static void tell_waiting(void)
{
    fputs(_("ketang: waiting for the scheduler, which has not answered yet …\n"
            "`ketang mute CHANNEL` silences a channel without it.\n"),
          stderr);
}

/*
 * A scheduler that is not there while the engine is may be about to return: it is restarted by
 * systemd, or by `make run`.  Nothing was sent, so that the order cannot be given twice.
 */
static int ask_scheduler(const char *path, const json_t *request, json_t **answer)
{
    int result = control_socket_ask_telling(path, request, ANSWER_MS, tell_waiting, answer);
    if (!is_away(result) || !running_engine(path)) {
        return result;
    }
    fprintf(stderr,
            _("ketang: the scheduler is not running; waiting up to %d s in case it is being "
              "restarted …\n"),
            RETURN_MS / 1000);
    for (int waited = 0; is_away(result) && waited < RETURN_MS; waited += RETRY_MS) {
        const struct timespec pause = {.tv_nsec = RETRY_MS * 1000000L};
        nanosleep(&pause, NULL);
        result = control_socket_ask_telling(path, request, ANSWER_MS, tell_waiting, answer);
    }
    return result;
}

static void complain_scheduler(const char *station_path, const char *path, int result)
{
    if (is_away(result)) {
        fprintf(stderr,
                _("ketang: the scheduler is not running: no order is taken or listed; while "
                  "ketang-playout runs, what is planned airs on.\n"
                  "Start it with `systemctl start ketang-scheduler`, or by hand with\n"
                  "`ketang scheduler --station %s`, then give the order again.\n"
                  "`ketang mute CHANNEL` silences a channel without it.\n"),
                station_path);
    } else {
        fprintf(stderr, _("ketang: the scheduler does not answer at %s: %s.\n"), path,
                complaint_silence(result));
    }
    if (result == -EAGAIN) {
        fputs(_("An order that was not begun is dropped; look with `ketang orders` whether this "
                "one was.\n"
                "What is planned airs on; `ketang mute CHANNEL` silences a channel without the "
                "scheduler.\n"),
              stderr);
    }
}

/* The scheduler takes orders without it, and counts them as in effect when their time has come. */
static void tell_engine(const char *path, bool is_list)
{
    if (!running_engine(path)) {
        printf("! %s\n",
               is_list ? _("no engine is on the air: nothing airs until ketang-playout is started, "
                           "whatever the states above say")
                       : _("no engine is on the air: nothing airs until ketang-playout is started; "
                           "the order takes effect then, if its time has not gone by"));
    }
}

static int send_order(const struct take_order *order, const char *path)
{
    int status = COMMAND_FAILED;
    json_t *answer = NULL;
    json_t *request = json_object();
    if (request == NULL) {
        goto cleanup;
    }
    if (ask(request, order) < 0) {
        status = COMMAND_USAGE;
        goto cleanup;
    }
    const char *asked = json_string_value(json_object_get(request, "command"));
    const int result = ask_scheduler(path, request, &answer);
    if (result < 0) {
        complain_scheduler(order->station_path, path, result);
        goto cleanup;
    }
    status = take_answer_print(asked, order->words[0], answer);
    if (status == COMMAND_DONE) {
        tell_engine(path, is_command(order, "orders"));
    }

cleanup:
    json_decref(answer);
    json_decref(request);
    return status;
}

/* Whether the channel stands where another word belongs.  Of a faulty station file nothing is said.
 */
static bool is_swapped(const struct take_order *order)
{
    struct problems ignored;
    struct station *station = NULL;
    bool is = false;
    problems_init(&ignored);
    if (order->word_count > 1 && station_load(order->station_path, &station, &ignored) == 0) {
        for (int i = 1; !is && i < order->word_count; i++) {
            is = complaint_swapped(order->command, station, order->words[0], order->words[i]);
        }
    }
    problems_finish(&ignored);
    station_destroy(station);
    return is;
}

int cmd_take(int argc, char **argv)
{
    struct take_order order;
    struct problems problems;
    int status = COMMAND_FAILED;
    const int read = take_line_read(argc, argv, &order);
    if (read != 0) {
        return read > 0 ? COMMAND_DONE : COMMAND_USAGE;
    }
    if (is_swapped(&order) || take_line_is_swapped(&order)) {
        return COMMAND_FAILED;
    }
    problems_init(&problems);
    char *path = running_socket(order.station_path, "scheduler", &problems);
    problems_print(&problems, stderr);
    if (path != NULL) {
        status = send_order(&order, path);
    }
    free(path);
    problems_finish(&problems);
    return status;
}
