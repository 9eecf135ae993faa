/* SPDX-License-Identifier: MIT */
/*
 * ketang take and its friends: orders to the scheduler, which amends the plan.
 *
 * One table says what each command wants on its command line, and what it
 * asks of the scheduler (scheduler/order_desk.h).
 */
#include "tools/commands.h"

#include "playout/control_socket.h"
#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "scheduler/order_when.h"
#include "scheduler/when.h"
#include "tools/complaint.h"
#include "tools/running_socket.h"
#include "tools/take_answer.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ANSWER_MS = 30000,
    ENGINE_MS = 1000,
    RETURN_MS = 6000,
    RETRY_MS = 300,
    WORDS_MOST = 3,
    TIME_SIZE = 96,
};

/* What an option may be used with. */
enum {
    TAKES_AT = 1,
    TAKES_PUSH = 2,
    TAKES_JOIN = 4,
    TAKES_START = 8,
    TAKES_FOLLOW = 16,
    TAKES_FOR = 32,
    TAKES_CHANNEL = 64, /* as a word, too */
};

enum wants_reason { REASON_NONE, REASON_MAY, REASON_MUST };

struct take_command {
    const char *name;
    const char *usage;
    const char *help;
    int least; /* words, the channel among them */
    int most;
    enum wants_reason reason;
    unsigned options;
    const char *example;
};

static const struct take_command commands[] = {
    {"slate", N_("CHANNEL"),
     N_("Puts a channel on the slate, some five seconds from now, until `ketang return`."), 1, 1,
     REASON_MUST, 0, "slate zhangdian --reason 信号异常"},
    {"emergency", N_("CHANNEL [HOUSE_NUMBER]"),
     N_("Breaks in with what must be told, over and over (the slate when nothing is\n"
        "named), until `ketang return`. A later break-in lies over an earlier one. It is\n"
        "ingested with --kind filler, and waits for no approval."),
     1, 2, REASON_MUST, 0, "emergency zhangdian TZ-01 --reason 防汛通知"},
    {"live", N_("CHANNEL SOURCE"),
     N_("Goes live from a source, until `ketang return`, or for so many minutes (--for)."), 2, 2,
     REASON_MUST, TAKES_FOR, "live zhangdian studio --for 20 --reason 校长讲话"},
    {"return", N_("CHANNEL"),
     N_("Ends the last break-in; what is below goes on, joined in progress, or with\n"
        "--start the interrupted programme again from its start."),
     1, 1, REASON_MAY, TAKES_START, "return zhangdian"},
    {"take", N_("CHANNEL [next | HOUSE_NUMBER | live SOURCE]"),
     N_("Takes the next programme, a house number (as `insert`), or a live source, now."), 1, 3,
     REASON_MUST, TAKES_PUSH, "take zhangdian next --reason 教师提前结束"},
    {"insert", N_("CHANNEL HOUSE_NUMBER"),
     N_("Airs something once, now or --at a time (as \"tomorrow 10:20\", see `ketang\n"
        "replace`); then the plan is joined in progress, or with --push moves back until\n"
        "fillers have taken up the difference."),
     2, 2, REASON_MUST, TAKES_AT | TAKES_PUSH, "insert zhangdian TZ-03 --at 10:15 --reason 通知"},
    {"replace", N_("CHANNEL TIME|next HOUSE_NUMBER"),
     N_("Airs something else instead of the programme of that time, or the next one.\n"
        "TIME is 10:20 (today, or in the night to come), \"tomorrow 10:20\", \"Friday 10:20\",\n"
        "\"2026-11-27 10:20\", or with the name of a period, as \"tomorrow 第三节\"; a list\n"
        "that is closed may be changed so, too.  Where no programme is on at that time, the\n"
        "answer lists those of the day."),
     3, 3, REASON_MUST, 0, "replace zhangdian \"tomorrow 第三节\" KT-08 --reason 换课"},
    {"skip", N_("CHANNEL"),
     N_("Ends what is on air; fillers follow up to the next programme, or with --follow\n"
        "that begins at once."),
     1, 1, REASON_MUST, TAKES_FOLLOW, "skip zhangdian --reason 内容有误"},
    {"hold", N_("CHANNEL"),
     N_("What loops goes on after its end, fillers follow a lesson, until `ketang\n"
        "release`."),
     1, 1, REASON_MUST, 0, "hold zhangdian --reason 等待直播信号"},
    {"release", N_("CHANNEL"), N_("Ends `ketang hold`; the plan is joined in progress."), 1, 1,
     REASON_MAY, 0, "release zhangdian"},
    {"extend", N_("CHANNEL MINUTES"),
     N_("Gives what is on air more minutes; what follows moves back, or with --join is\n"
        "joined in progress."),
     2, 2, REASON_MUST, TAKES_JOIN, "extend zhangdian 5 --reason 直播超时"},
    {"undo", N_("CHANNEL ORDER"), N_("Takes back an order that has not taken effect."), 2, 2,
     REASON_MAY, 0, "undo zhangdian 3"},
    {"orders", N_("[CHANNEL]"), N_("Lists the orders of the last day."), 0, 1, REASON_NONE,
     TAKES_CHANNEL, "orders zhangdian"},
};

struct take_order {
    const struct take_command *command;
    const char *station_path;
    const char *words[WORDS_MOST];
    int word_count;
    const char *reason;
    const char *author;
    const char *at;
    const char *minutes;
    const char *mode;
};

static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                        {"reason", required_argument, NULL, 'r'},
                                        {"by", required_argument, NULL, 'b'},
                                        {"at", required_argument, NULL, TAKES_AT},
                                        {"push", no_argument, NULL, TAKES_PUSH},
                                        {"join", no_argument, NULL, TAKES_JOIN},
                                        {"start", no_argument, NULL, TAKES_START},
                                        {"follow", no_argument, NULL, TAKES_FOLLOW},
                                        {"for", required_argument, NULL, TAKES_FOR},
                                        {"channel", required_argument, NULL, TAKES_CHANNEL},
                                        {"help", no_argument, NULL, 'h'},
                                        {0}};

static void print_usage(FILE *out, const struct take_command *command)
{
    fprintf(out, _("Usage: ketang %s [--station FILE] %s"), command->name, _(command->usage));
    fputs(command->reason == REASON_MUST  ? _("\n       --reason TEXT [--by NAME]")
          : command->reason == REASON_MAY ? _(" [--reason TEXT] [--by NAME]")
                                          : "",
          out);
    for (size_t i = 0; options[i].name != NULL; i++) {
        if (options[i].val < 'a' && (command->options & (unsigned)options[i].val) != 0) {
            fprintf(out, " [--%s%s]", options[i].name,
                    options[i].val == TAKES_AT        ? _(" TIME")
                    : options[i].val == TAKES_FOR     ? _(" MINUTES")
                    : options[i].val == TAKES_CHANNEL ? _(" NAME")
                                                      : "");
        }
    }
    fprintf(out, "\n\n%s\n\n", _(command->help));
    if (command->reason == REASON_MUST) {
        fputs(_("  --reason TEXT      why; it goes into the plan and the as-run log\n"
                "  --by NAME          who; the user's name when left out\n"),
              out);
    } else if (command->reason == REASON_MAY) {
        fputs(_("  --reason TEXT      why; it goes into the scheduler's log\n"
                "  --by NAME          who; the user's name when left out\n"),
              out);
    }
    fputs(_("  --station FILE     the station file (schedules/station.cfg)\n"), out);
    fputs(_("\nExamples:\n"), out);
    fprintf(out, "  ketang %s\n", command->example);
}

/* --- The command line ----------------------------------------------------------------- */

static bool takes(const struct take_command *command, int option)
{
    return option == 's' || option == 'h' ||
           (option >= 'a' ? command->reason != REASON_NONE
                          : (command->options & (unsigned)option) != 0);
}

static int take_option(struct take_order *order, int option)
{
    if (!takes(order->command, option)) {
        fprintf(stderr, _("ketang %s: there is no such option.\n"), order->command->name);
        return -EINVAL;
    }
    switch (option) {
    case 's':
        order->station_path = optarg;
        break;
    case 'r':
        order->reason = optarg;
        break;
    case 'b':
        order->author = optarg;
        break;
    case 'h':
        return 1;
    case TAKES_CHANNEL:
        order->words[0] = optarg;
        order->word_count = 1;
        break;
    case TAKES_AT:
        order->at = optarg;
        break;
    case TAKES_FOR:
        order->minutes = optarg;
        break;
    default:
        order->mode = option == TAKES_PUSH    ? "push"
                      : option == TAKES_JOIN  ? "join"
                      : option == TAKES_START ? "start"
                                              : "follow";
        break;
    }
    return 0;
}

/* As a shell reads it. */
static void print_word(FILE *out, const char *word)
{
    const bool is_plain = *word != '\0' && strpbrk(word, " \t\n'\"\\$`&|;<>()*?[]{}#~!") == NULL;
    fputs(is_plain ? " " : " '", out);
    for (const char *at = word; *at != '\0'; at++) {
        fputs(*at == '\'' ? "'\\''" : (const char[]){*at, '\0'}, out);
    }
    fputs(is_plain ? "" : "'", out);
}

/*
 * Of words that are too many, and are a time together: says which option takes it, by the line
 * as it should have been.  Options are before argv[optind], words behind.
 */
static bool complain_of_time(int argc, char **argv, const struct take_order *order)
{
    const struct take_command *command = order->command;
    const int first = optind + command->most;
    char time[TIME_SIZE] = "";
    for (int i = first; i < argc && strlen(time) + strlen(argv[i]) + 2 < TIME_SIZE; i++) {
        sprintf(time + strlen(time), "%s%s", i > first ? " " : "", argv[i]);
    }
    if ((command->options & TAKES_AT) == 0 || order->at != NULL || !order_when_is_like(time)) {
        return false;
    }
    fprintf(stderr, _("ketang %s: the time is given by --at:\n"), command->name);
    fprintf(stderr, "  ketang %s", command->name);
    for (int i = optind; i < first; i++) {
        print_word(stderr, argv[i]);
    }
    fputs(" --at", stderr);
    print_word(stderr, time);
    for (int i = 1; i < optind && strcmp(argv[i], "--") != 0; i++) {
        print_word(stderr, argv[i]);
    }
    fputs(order->reason == NULL ? _(" --reason TEXT") : "", stderr);
    fputc('\n', stderr);
    return true;
}

static int parse(int argc, char **argv, struct take_order *order)
{
    const struct take_command *command = order->command;
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        const int result = option == '?' ? -EINVAL : take_option(order, option);
        if (result != 0) {
            return result;
        }
    }
    const int count = argc - optind + order->word_count;
    if (count > command->most && complain_of_time(argc, argv, order)) {
        return -EINVAL;
    }
    if (count < command->least || count > command->most) {
        fprintf(stderr, _("ketang %s: name %s.\n"), command->name, _(command->usage));
        return -EINVAL;
    }
    if (command->reason == REASON_MUST && (order->reason == NULL || *order->reason == '\0')) {
        fprintf(stderr, _("ketang %s: say why, by --reason TEXT.\n"), command->name);
        return -EINVAL;
    }
    while (order->word_count < count) {
        order->words[order->word_count++] = argv[optind++];
    }
    return 0;
}

/* --- What is asked -------------------------------------------------------------------------- */

static bool is_command(const struct take_order *order, const char *name)
{
    return strcmp(order->command->name, name) == 0;
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
    set_text(request, "command", order->command->name);
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

/* Its socket is beside that of the scheduler. */
static bool engine_runs(const char *scheduler)
{
    char *path = NULL;
    json_t *answer = NULL;
    json_t *request = json_pack("{s:s}", "command", "status");
    const char *name = strrchr(scheduler, '/');
    const int folder = name != NULL ? (int)(name - scheduler) + 1 : 0;
    int result = -ENOENT;
    if (request != NULL && asprintf(&path, "%.*splayout.sock", folder, scheduler) >= 0) {
        result = control_socket_ask(path, request, ENGINE_MS, &answer);
        free(path);
    }
    json_decref(answer);
    json_decref(request);
    return !is_away(result);
}

/*
 * A scheduler that is not there while the engine is may be about to return: it is restarted by
 * systemd, or by `make run`.  Nothing was sent, so that the order cannot be given twice.
 */
static int ask_scheduler(const char *path, const json_t *request, json_t **answer)
{
    int result = control_socket_ask_telling(path, request, ANSWER_MS, tell_waiting, answer);
    if (!is_away(result) || !engine_runs(path)) {
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

cleanup:
    json_decref(answer);
    json_decref(request);
    return status;
}

static const struct take_command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

int cmd_take(int argc, char **argv)
{
    const char *user = getenv("USER");
    struct take_order order = {.command = find_command(argv[0]),
                               .station_path = DEFAULT_STATION,
                               .author = user != NULL ? user : "root"};
    struct problems problems;
    int status = COMMAND_FAILED;
    const int parsed = parse(argc, argv, &order);
    if (parsed < 0) {
        return complaint_usage(order.command->name);
    }
    if (parsed > 0) {
        print_usage(stdout, order.command);
        return COMMAND_DONE;
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
