/* SPDX-License-Identifier: MIT */
/* ketang approve: signs, rejects or withdraws a stage of approval (三审). */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/named_numbers.h"
#include "scheduler/signoff.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_asset.h"
#include "scheduler/when.h"
#include "tools/approve_airs.h"
#include "tools/approve_repeats.h"
#include "tools/approve_text.h"
#include "tools/author_name.h"
#include "tools/complaint.h"
#include "tools/reason_text.h"
#include "tools/station_library.h"
#include "tools/store_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *station_path;
    const char *stage;  /* as it was said; NULL: nothing is signed */
    const char *repeat; /* the day as it was said; NULL: the first run */
    const char *by;     /* as it was said; NULL: the user */
    char approver[AUTHOR_NAME_SIZE];
    struct store_approval approval; /* but for what each file has of its own */
    char **house_numbers;
    int count;
    bool is_rejected;
    bool is_withdrawn;
    const struct planner *planner; /* whose latest plans tell what airs */
    bool is_all;                   /* all that are repeated on the day, and wait for this stage */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang approve [--station FILE] HOUSE_NUMBER... --stage N [--repeat DATE]\n"
            "                      [--by NAME] [--note TEXT] [--reject | --withdraw]\n"
            "       ketang approve [--station FILE] --all --stage N --repeat DATE [--by NAME]\n"
            "                      [--note TEXT]\n"
            "\n"
            "Signs a stage of approval of the latest file of each house number.  It holds for\n"
            "that file only: a new version needs approval anew, and so does each repeat.\n"
            "As many stages as `approval_stages` of the station file are needed: until then\n"
            "its substitute airs, or fillers.\n"
            "\n"
            "  --stage N          1, 2, 3 ...: in order\n"
            "  --repeat DATE      for the repeat of that day (2020-02-17, tomorrow), not the\n"
            "                     first run\n"
            "  --all              all repeats of that day that wait for stage N, and whose\n"
            "                     first run has been signed\n"
            "  --by NAME          who signs; the user's name when left out\n"
            "  --note TEXT        goes into the history\n"
            "  --reject           the file is not good: stage N and all above are undone; of\n"
            "                     the first run: it airs in no repeat either\n"
            "  --withdraw         stage N was signed by mistake\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang approve KT-42 --stage 1 --note 画面、声音合格\n"
          "  ketang approve KT-42 --stage 2 --reject --note 字幕有误\n"
          "  ketang approve KT-42 --stage 1 --repeat 2026-11-30\n"
          "  ketang approve --all --stage 1 --repeat tomorrow\n",
          out);
}

/* 0, or -EINVAL when it has been said what is wrong. */
static int check(const struct request *request)
{
    if (request->stage != NULL && request->approval.stage == 0) {
        fprintf(stderr, _("ketang approve: '%s' is no stage: write its number, as in --stage 1.\n"),
                request->stage);
        return -EINVAL;
    }
    if (request->is_all && request->approval.verdict != APPROVAL_GIVEN) {
        fputs(_("ketang approve: --all only signs: name what is rejected or withdrawn.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_all &&
        (request->repeat == NULL || request->approval.stage == 0 || request->count > 0)) {
        fputs(_("ketang approve: --all signs the repeats of a day: give --stage N and --repeat "
                "DATE with it, and no house number.\n"),
              stderr);
        return -EINVAL;
    }
    if (request->count == 0 && !request->is_all) {
        fputs(_("ketang approve: name at least one house number.\n"), stderr);
        return -EINVAL;
    }
    if (request->is_rejected && request->is_withdrawn) {
        fputs(_("ketang approve: either --reject or --withdraw.\n"), stderr);
        return -EINVAL;
    }
    return 0;
}

static int parse_stage(const char *text)
{
    char *end = NULL;
    const long stage = strtol(text, &end, 10);
    return end != text && *end == '\0' && stage >= 1 && stage <= APPROVAL_STAGES_MOST ? (int)stage
                                                                                      : 0;
}

/* False: there is no such option. */
static bool take_option(int option, struct request *request)
{
    struct store_approval *approval = &request->approval;
    switch (option) {
    case 's':
        request->station_path = optarg;
        return true;
    case 'n':
        request->stage = optarg;
        approval->stage = parse_stage(optarg);
        return true;
    case 'r':
        request->repeat = optarg;
        return true;
    case 'a':
        request->is_all = true;
        return true;
    case 'b':
        request->by = optarg;
        return true;
    case 't':
        approval->note = reason_text(optarg);
        return true;
    case 'x':
        request->is_rejected = true;
        return true;
    case 'w':
        request->is_withdrawn = true;
        return true;
    default:
        return false;
    }
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"stage", required_argument, NULL, 'n'},
        {"repeat", required_argument, NULL, 'r'},  {"by", required_argument, NULL, 'b'},
        {"note", required_argument, NULL, 't'},    {"all", no_argument, NULL, 'a'},
        {"reject", no_argument, NULL, 'x'},        {"withdraw", no_argument, NULL, 'w'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        if (option == 'h') {
            return 1;
        }
        if (!take_option(option, request)) {
            return -EINVAL;
        }
    }
    request->approval.verdict = request->is_rejected    ? APPROVAL_REJECTED
                                : request->is_withdrawn ? APPROVAL_WITHDRAWN
                                                        : APPROVAL_GIVEN;
    request->house_numbers = argv + optind;
    request->count = argc - optind;
    request->approval.approver = request->approver;
    const int result = check(request);
    return result == 0 ? author_name_read("approve", request->by, request->approver) : result;
}

/* A rejection or a withdrawal is heard by the store, too; a signature would be lost on it. */
static bool is_taken_back(const struct store_command *command,
                          const struct store_approval *approval)
{
    return approval->verdict == APPROVAL_GIVEN && signoff_is_taken_back(command->signoff, approval);
}

/* Which film it is: whoever signs sees that it is the one that was watched. */
static void tell_film(const struct store_command *command, const struct library_asset *asset)
{
    char length[WHEN_TEXT_SIZE];
    char came[STORE_COMMAND_TIME_SIZE];
    printf("%s (%s, %.8s) ", asset->house_number, asset->profile, asset->sha256);
    if (asset->title != NULL && asset->title[0] != '\0') {
        printf("%s ", asset->title);
    }
    printf(_("(%s long, ingested %s) "),
           when_length_text((int)(asset->duration / FRAMES_PER_SECOND), length),
           store_command_time(command, asset->created_ms, came));
}

/* Says how far the file has come, and what is missing. */
static int tell(struct store_command *command, const struct store_approval *approval,
                const struct library_asset *asset, const struct approval_rule *rule)
{
    struct approval_chain chain;
    int rejected = 0;
    int result = store_approval_chain(command->store, approval, &chain);
    if (result == 0) {
        result = store_approval_rejected(command->store, approval, &rejected);
    }
    if (result < 0) {
        return store_command_complain(command, result);
    }
    const int level = approval_chain_level(&chain, rule->is_alone_allowed);
    const bool is_first = strcmp(approval->run, APPROVAL_FIRST_RUN) == 0;
    tell_film(command, asset);
    printf(is_first ? _("for the first run: ") : _("for the repeat of %s: "), approval->run);
    char text[APPROVE_TEXT_SIZE];
    if (is_taken_back(command, approval)) {
        fputs(approve_text_taken_back(), stdout);
    } else if (rejected > 0 && chain.rejected == 0) {
        printf(_("the first run was rejected in stage %d: the file airs in no run, whatever is "
                 "signed for this one, until that stage is signed again.\n"),
               rejected);
    } else if (chain.rejected > 0) {
        printf(_("rejected in stage %d: it does not air, and goes back to who made it; the mended "
                 "file is signed anew.  If it was rejected by mistake: %s\n"),
               chain.rejected,
               approve_text(command->station->path, approval->house_number, level + 1,
                            approval->run, text));
    } else if (level >= rule->stages) {
        printf(_("all %d stages are signed; it may air.\n"), rule->stages);
    } else {
        printf(_("%d of %d stages are signed; the next one is stage %d: %s\n"), level, rule->stages,
               level + 1,
               approve_text(command->station->path, approval->house_number, level + 1,
                            approval->run, text));
    }
    return 0;
}

static int sign(struct store_command *command, const struct store_approval *approval,
                const struct library_asset *asset, const struct approval_rule *rule)
{
    const struct store_asset version = {.house_number = asset->house_number,
                                        .sha256 = asset->sha256,
                                        .profile = asset->profile,
                                        .kind = asset_kind_name(asset->kind),
                                        .created_ms = asset->created_ms,
                                        .duration_frames = asset->duration};
    if (is_taken_back(command, approval)) {
        const int told = tell(command, approval, asset, rule);
        return told < 0 ? told : -ESTALE;
    }
    int result = store_begin(command->store);
    if (result == 0) {
        result = store_asset_put(command->store, &version, approval->approver);
        if (result == 0) {
            result = store_approval_add(command->store, approval, rule);
        }
        result = store_end(command->store, result);
    }
    return result < 0 ? store_command_complain(command, result)
                      : tell(command, approval, asset, rule);
}

/* What came of a house number. */
struct outcome {
    int files; /* that it has */
    int signed_files;
    int early_files; /* that wait for their first run to be signed */
};

/*
 * 0, and whether this stage comes next, of a repeat that was not sent back and whose first run has
 * been signed; or -errno.
 */
static int find_waiting(struct store_command *command, const struct store_approval *approval,
                        const struct approval_rule *rule, bool *is_waiting, struct outcome *outcome)
{
    struct approval_chain chain;
    struct approval_chain first_chain;
    struct store_approval first = *approval;
    first.run = APPROVAL_FIRST_RUN;
    int result = store_approval_chain(command->store, approval, &chain);
    if (result == 0) {
        result = store_approval_chain(command->store, &first, &first_chain);
    }
    if (result < 0) {
        return store_command_complain(command, result);
    }
    const bool is_early = approval_chain_level(&first_chain, rule->is_alone_allowed) < rule->stages;
    *is_waiting = chain.rejected == 0 && !is_early &&
                  approval_chain_level(&chain, rule->is_alone_allowed) == approval->stage - 1;
    outcome->early_files += is_early;
    return 0;
}

/* A house number has a file in each house format that it was made for. */
static int sign_number(struct store_command *command, const struct library *library,
                       const struct request *request, const char *house_number,
                       struct outcome *outcome)
{
    const struct station *station = command->station;
    const struct approval_rule rule = {station->scheduler.approval_stages,
                                       station->scheduler.is_alone_allowed};
    int result = 0;
    for (size_t i = 0; i < station->profile_count; i++) {
        const struct library_asset *asset =
            library_find(library, station->profiles[i].name, house_number);
        if (asset == NULL) {
            continue;
        }
        struct store_approval approval = request->approval;
        approval.house_number = house_number;
        approval.sha256 = asset->sha256;
        outcome->files++;
        bool is_waiting = true;
        if (request->is_all && find_waiting(command, &approval, &rule, &is_waiting, outcome) < 0) {
            return -EIO;
        }
        if (!is_waiting) {
            continue;
        }
        const int signing = approval.stage > 0 ? sign(command, &approval, asset, &rule)
                                               : tell(command, &approval, asset, &rule);
        if (signing == 0 && approval.stage > 0 && approval.verdict != APPROVAL_GIVEN) {
            struct approve_airs airs = {.out = stdout,
                                        .zone = command->zone,
                                        .station = station,
                                        .sha256 = asset->sha256,
                                        .run = approval.run,
                                        .now_ms = approval.time_ms};
            approve_airs_tell(&airs, request->planner);
        }
        result = result == 0 ? signing : result;
        outcome->signed_files++;
    }
    return result;
}

/* A file that no timetable names airs nowhere, signed or not: it was misnamed. */
static void complain_unknown(const struct library *library, const char *house_number,
                             const struct station *station)
{
    const char *meant = library_suggest(library, NULL, house_number);
    struct named_numbers *named = named_numbers_read(station);
    const char *planned = meant != NULL ? named_numbers_suggest(named, meant) : NULL;
    const char *typed = meant == NULL ? named_numbers_suggest(named, house_number) : NULL;
    if (typed != NULL) {
        fprintf(stderr,
                _("ketang approve: there is no file %s, and no timetable names it; did you mean "
                  "%s, whose file is not there yet?\n"),
                house_number, typed);
    } else if (planned != NULL) {
        fprintf(stderr,
                _("ketang approve: there is no file %s; there is %s, which no timetable names: if "
                  "it was misnamed, ingest it again with --house-number %s.\n"),
                house_number, meant, planned);
    } else if (meant != NULL) {
        fprintf(stderr, _("ketang approve: there is no file %s; did you mean %s?\n"), house_number,
                meant);
    } else {
        fprintf(stderr, _("ketang approve: %s has no air-ready file in %s: ingest it first.\n"),
                house_number, station->media);
    }
    named_numbers_destroy(named);
}

/* A signature for a repeat that there is not would wait for ever, and the right one be missing. */
static bool is_without_repeat(const struct request *request, const struct approve_repeats *repeats,
                              const char *house_number)
{
    if (request->repeat == NULL || approve_repeats_has(repeats, house_number)) {
        return false;
    }
    fprintf(stderr, _("ketang approve: by the timetables %s is not repeated on %s.\n"),
            house_number, request->approval.run);
    const bool is_signing =
        request->approval.verdict == APPROVAL_GIVEN && request->approval.stage > 0;
    if (is_signing && repeats->is_whole) {
        fputs(_("Nothing is signed: give the day of a repeat (`ketang ready` lists them), or leave "
                "out --repeat to sign the first run.\n"),
              stderr);
    }
    return is_signing && repeats->is_whole;
}

static int sign_named(struct store_command *command, const struct library *library,
                      const struct request *request, const struct approve_repeats *repeats)
{
    int result = 0;
    for (int i = 0; i < request->count; i++) {
        const char *house_number = request->house_numbers[i];
        struct outcome outcome = {0};
        int signing = -ENOENT;
        if (!is_without_repeat(request, repeats, house_number)) {
            signing = sign_number(command, library, request, house_number, &outcome);
            if (outcome.files == 0) {
                complain_unknown(library, house_number, command->station);
                signing = -ENOENT;
            }
        }
        if (signing == 0) {
            approve_repeats_print(stdout, repeats, command->zone, house_number);
        }
        result = result == 0 ? signing : result;
    }
    return result;
}

static int sign_repeats(struct store_command *command, const struct library *library,
                        const struct request *request, const struct approve_repeats *repeats)
{
    int signed_files = 0;
    size_t early = 0;
    int result = 0;
    for (size_t i = 0; i < repeats->count; i++) {
        const char *house_number = repeats->house_numbers[i];
        struct outcome outcome = {0};
        const int signing = sign_number(command, library, request, house_number, &outcome);
        if (signing == 0 && outcome.signed_files > 0) {
            approve_repeats_print(stdout, repeats, command->zone, house_number);
        }
        signed_files += outcome.signed_files;
        early += outcome.early_files > 0;
        result = result == 0 ? signing : result;
    }
    if (result == 0) {
        approve_repeats_tell_rest(stdout, repeats, &request->approval, signed_files, early);
    }
    return result;
}

/* A repeat that has aired is past signing; those of last night may air until the morning. */
static int check_run(const struct store_command *command, struct request *request,
                     char run[STORE_DATE_SIZE], struct approve_repeats *repeats)
{
    const int64_t now_ms = request->approval.time_ms;
    int64_t date = 0;
    if (request->repeat == NULL) {
        return 0;
    }
    int result = complaint_read_date("approve", command->zone, request->repeat, &date);
    if (result < 0) {
        return result;
    }
    request->approval.run = store_date_text(date, run);
    struct problems problems;
    problems_init(&problems);
    result =
        approve_repeats_find(command->station, command->zone, date, now_ms, repeats, &problems);
    if (result < 0 && problems.errors == 0) {
        fprintf(stderr, _("ketang %s: %s.\n"), "approve", strerror(-result));
    } else if (result == 0 && problems.errors > 0 && request->is_all) {
        fputs(_("ketang approve: what is repeated is not known: mend this first, or name the house "
                "numbers.\n"),
              stderr);
        result = -EBADMSG;
    }
    if (problems.errors > 0) {
        problems_print(&problems, stderr);
    }
    problems_finish(&problems);
    if (result < 0) {
        return result;
    }
    return repeats->end_ms > now_ms ? 0 : store_command_check_date(command, date, now_ms);
}

static int sign_all(struct store_command *command, struct request *request)
{
    char run[STORE_DATE_SIZE];
    struct approve_repeats repeats = {0};
    struct planner *planner = NULL;
    int result = station_library_open(command->name, command->station, &planner);
    if (result < 0) {
        return result;
    }
    const struct library *library = planner_library(planner);
    request->planner = planner;
    if (request->approval.stage == 0) {
        fputs(_("ketang approve: nothing is signed: say which stage, by --stage N.  What there is "
                "so far:\n"),
              stderr);
    }
    result = check_run(command, request, run, &repeats);
    if (result == 0) {
        result = request->is_all ? sign_repeats(command, library, request, &repeats)
                                 : sign_named(command, library, request, &repeats);
    }
    approve_repeats_finish(&repeats);
    planner_destroy(planner);
    return result;
}

int cmd_approve(int argc, char **argv)
{
    struct request request = {
        .station_path = DEFAULT_STATION,
        .approval = {.run = APPROVAL_FIRST_RUN, .note = "", .time_ms = store_command_now_ms()}};
    struct store_command command = {.name = "ketang approve"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed < 0) {
        return complaint_usage("approve");
    }
    if (parsed > 0) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    int result = store_command_open(&command, request.station_path, STORE_USE);
    if (result == 0) {
        result = store_command_signoff(&command);
    }
    if (result == 0) {
        result = sign_all(&command, &request);
    }
    store_command_close(&command);
    const bool is_misused = result == -EINVAL || (result == 0 && request.approval.stage == 0);
    return is_misused ? COMMAND_USAGE : result < 0 ? COMMAND_FAILED : COMMAND_DONE;
}
