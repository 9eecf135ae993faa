/* SPDX-License-Identifier: MIT */
#include "tools/take_line.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "playout/station.h"
#include "scheduler/order_when.h"
#include "tools/commands.h"
#include "tools/complaint.h"
#include "tools/reason_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { TIME_SIZE = 96 };

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
     N_("Takes the next programme, a house number (as `insert`: once, then what it\n"
        "interrupted goes on), or a live source, now."),
     1, 3, REASON_MUST, TAKES_PUSH, "take zhangdian next --reason 教师提前结束"},
    {"insert", N_("CHANNEL HOUSE_NUMBER"),
     N_("Airs something once, now or --at a time (as \"tomorrow 10:20\", see `ketang\n"
        "replace`); then the plan is joined in progress, or with --push moves back until\n"
        "fillers have taken up the difference.  What was inserted for that time already\n"
        "comes whole after it; the answer says when."),
     2, 2, REASON_MUST, TAKES_AT | TAKES_PUSH, "insert zhangdian TZ-03 --at 10:15 --reason 通知"},
    {"replace", N_("CHANNEL TIME|next HOUSE_NUMBER"),
     N_("Airs something else instead of the programme of that time, or the next one.\n"
        "TIME is 10:20 (today, or in the night to come), \"tomorrow 10:20\", \"Friday\n"
        "10:20\", \"2026-11-27 10:20\", or with the name of a period, as \"tomorrow\n"
        "第三节\"; a list that is closed may be changed so, too.  TIME is now (现在), or\n"
        "any time of the slot that is on air, where the wrong lesson airs: what is left\n"
        "of that slot is replaced, in some five seconds; a reason with 错播 books what\n"
        "aired before as wrong content.\n"
        "Where no programme is on at that time, the answer lists those around it."),
     3, 3, REASON_MUST, 0, "replace zhangdian \"tomorrow 第三节\" KT-08 --reason 换课"},
    {"skip", N_("CHANNEL"),
     N_("Ends what is on air; fillers follow up to the next programme, or with --follow\n"
        "that begins at once."),
     1, 1, REASON_MUST, TAKES_FOLLOW, "skip zhangdian --reason 内容有误"},
    {"hold", N_("CHANNEL"),
     N_("Fillers and slate go on after their end; after a lesson fillers air, also when\n"
        "it is repeated in its period, until `ketang release`."),
     1, 1, REASON_MUST, 0, "hold zhangdian --reason 等待直播信号"},
    {"release", N_("CHANNEL"), N_("Ends `ketang hold`; the plan is joined in progress."), 1, 1,
     REASON_MAY, 0, "release zhangdian"},
    {"extend", N_("CHANNEL MINUTES"),
     N_("Gives what is on air more minutes; a lesson that its period repeats is repeated\n"
        "in them, after another one fillers air.  What follows moves back, or with --join\n"
        "is joined in progress."),
     2, 2, REASON_MUST, TAKES_JOIN, "extend zhangdian 5 --reason 直播超时"},
    {"undo", N_("CHANNEL ORDER"),
     N_("Takes back an order, up to about five seconds before it takes effect."), 2, 2, REASON_MAY,
     0, "undo zhangdian 3"},
    {"orders", N_("[CHANNEL]"), N_("Lists the orders of the last day."), 0, 1, REASON_NONE,
     TAKES_CHANNEL, "orders zhangdian"},
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
          : command->reason == REASON_MAY ? _("\n       [--reason TEXT] [--by NAME]")
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
    if (command->reason != REASON_NONE) {
        fputs(_("  --reason TEXT      why; it goes into the plan and the as-run log\n"
                "  --by NAME          who; the user's name when left out\n"),
              out);
    }
    fputs(_("  --station FILE     the station file (schedules/station.cfg)\n"), out);
    fputs(_("\nExamples:\n"), out);
    fprintf(out, "  ketang %s\n", command->example);
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

static bool takes(const struct take_command *command, int option)
{
    return option == 's' || option == 'h' ||
           (option >= 'a' ? command->reason != REASON_NONE
                          : (command->options & (unsigned)option) != 0);
}

static int take_option(const struct take_command *command, int option, struct take_order *order)
{
    if (!takes(command, option)) {
        fprintf(stderr, _("ketang %s: there is no such option.\n"), command->name);
        return -EINVAL;
    }
    switch (option) {
    case 's':
        order->station_path = optarg;
        break;
    case 'r':
        order->reason = reason_text(optarg);
        break;
    case 'b':
        order->by = optarg;
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
static bool complain_of_time(int argc, char **argv, const struct take_command *command,
                             const struct take_order *order)
{
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

static int parse(int argc, char **argv, const struct take_command *command,
                 struct take_order *order)
{
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        const int result = option == '?' ? -EINVAL : take_option(command, option, order);
        if (result != 0) {
            return result;
        }
    }
    const int count = argc - optind + order->word_count;
    if (count > command->most && complain_of_time(argc, argv, command, order)) {
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
    return author_name_read(command->name, order->by, order->author);
}

int take_line_read(int argc, char **argv, struct take_order *order)
{
    const struct take_command *command = find_command(argv[0]);
    *order = (struct take_order){.command = command->name, .station_path = DEFAULT_STATION};
    const int parsed = parse(argc, argv, command, order);
    if (parsed > 0) {
        print_usage(stdout, command);
    } else if (parsed < 0) {
        (void)complaint_usage(command->name);
    }
    return parsed;
}

static bool is_time(const char *word)
{
    return strcmp(word, "next") == 0 || order_when_is_like(word);
}

bool take_line_is_swapped(const struct take_order *order)
{
    const bool is_replace = strcmp(order->command, "replace") == 0 && order->word_count == 3;
    if (!is_replace || is_time(order->words[1]) || !is_time(order->words[2])) {
        return false;
    }
    fputs(_("ketang replace: the time comes before the house number: ketang replace"), stderr);
    print_word(stderr, order->words[0]);
    print_word(stderr, order->words[2]);
    print_word(stderr, order->words[1]);
    fputs(" …\n", stderr);
    return true;
}
