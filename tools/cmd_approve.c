/* SPDX-License-Identifier: MIT */
/* ketang approve: signs, rejects or withdraws a stage of approval (三审). */
#include "tools/commands.h"

#include "playout/intl.h"
#include "scheduler/library.h"
#include "scheduler/store/store_approval.h"
#include "scheduler/store/store_asset.h"
#include "tools/approve_text.h"
#include "tools/complaint.h"
#include "tools/store_command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *station_path;
    struct store_approval approval; /* but for what each file has of its own */
    char **house_numbers;
    int count;
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang approve [--station FILE] HOUSE_NUMBER... --stage N [--repeat DATE]\n"
            "                      [--by NAME] [--note TEXT] [--reject | --withdraw]\n"
            "\n"
            "Signs a stage of approval of the latest file of each house number.  It holds for\n"
            "that file only: a new version needs approval anew, and so does each repeat.\n"
            "As many stages as `approval_stages` of the station file are needed: until then\n"
            "its substitute airs, or fillers.\n"
            "\n"
            "  --stage N          1, 2, 3 ...: in order\n"
            "  --repeat DATE      for the repeat of that day (2020-02-17), not the first run\n"
            "  --by NAME          who signs; the user's name when left out\n"
            "  --note TEXT        goes into the history\n"
            "  --reject           the file is not good: stage N and all above are undone\n"
            "  --withdraw         stage N was signed by mistake\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang approve KT-42 --stage 1 --note 画面、声音合格\n"
          "  ketang approve KT-42 --stage 2 --reject --note 字幕有误\n"
          "  ketang approve KT-42 --stage 1 --repeat 2026-11-30\n",
          out);
}

/* 0, or -EINVAL when it has been said what is wrong. */
static int check(struct request *request, bool is_two_verdicts)
{
    int64_t date = 0;
    if (request->count == 0) {
        fputs(_("ketang approve: name at least one house number.\n"), stderr);
        return -EINVAL;
    }
    if (is_two_verdicts) {
        fputs(_("ketang approve: either --reject or --withdraw.\n"), stderr);
        return -EINVAL;
    }
    if (strcmp(request->approval.run, APPROVAL_FIRST_RUN) != 0 &&
        store_date_parse(request->approval.run, &date) < 0) {
        fprintf(stderr, _("ketang approve: '%s' is no date, as in 2020-02-17.\n"),
                request->approval.run);
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

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option options[] = {{"station", required_argument, NULL, 's'},
                                            {"stage", required_argument, NULL, 'n'},
                                            {"repeat", required_argument, NULL, 'r'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"note", required_argument, NULL, 't'},
                                            {"reject", no_argument, NULL, 'x'},
                                            {"withdraw", no_argument, NULL, 'w'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    struct store_approval *approval = &request->approval;
    bool is_rejected = false;
    bool is_withdrawn = false;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'n':
            approval->stage = parse_stage(optarg);
            break;
        case 'r':
            approval->run = optarg;
            break;
        case 'b':
            approval->approver = optarg;
            break;
        case 't':
            approval->note = optarg;
            break;
        case 'x':
            is_rejected = true;
            break;
        case 'w':
            is_withdrawn = true;
            break;
        case 'h':
            return 1;
        default:
            return -EINVAL;
        }
    }
    approval->verdict = is_rejected    ? APPROVAL_REJECTED
                        : is_withdrawn ? APPROVAL_WITHDRAWN
                                       : APPROVAL_GIVEN;
    request->house_numbers = argv + optind;
    request->count = argc - optind;
    return check(request, is_rejected && is_withdrawn);
}

/* Says how far the file has come, and what is missing. */
static int tell(struct store_command *command, const struct store_approval *approval,
                const struct library_asset *asset, const struct approval_rule *rule)
{
    struct approval_chain chain;
    const int result = store_approval_chain(command->store, approval, &chain);
    if (result < 0) {
        return store_command_complain(command, result);
    }
    const int level = approval_chain_level(&chain, rule->is_alone_allowed);
    const bool is_first = strcmp(approval->run, APPROVAL_FIRST_RUN) == 0;
    printf("%s (%s, %.8s) ", approval->house_number, asset->profile, approval->sha256);
    printf(is_first ? _("for the first run: ") : _("for the repeat of %s: "), approval->run);
    if (level >= rule->stages) {
        printf(_("all %d stages are signed; it may air.\n"), rule->stages);
    } else {
        char text[APPROVE_TEXT_SIZE];
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

/* A house number has a file in each house format that it was made for. */
static int sign_number(struct store_command *command, const struct library *library,
                       const struct request *request, const char *house_number)
{
    const struct station *station = command->station;
    const struct approval_rule rule = {station->scheduler.approval_stages,
                                       station->scheduler.is_alone_allowed};
    bool is_found = false;
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
        const int signing = approval.stage > 0 ? sign(command, &approval, asset, &rule)
                                               : tell(command, &approval, asset, &rule);
        result = result == 0 ? signing : result;
        is_found = true;
    }
    if (!is_found) {
        fprintf(stderr, _("ketang approve: %s has no air-ready file in %s: ingest it first.\n"),
                house_number, station->media);
        return -ENOENT;
    }
    return result;
}

/* A repeat that has aired is past signing. */
static int check_run(const struct store_command *command, const struct store_approval *approval)
{
    int64_t date = 0;
    return store_date_parse(approval->run, &date) == 0
               ? store_command_check_date(command, date, approval->time_ms)
               : 0; /* the first run */
}

static int sign_all(struct store_command *command, const struct request *request)
{
    struct library *library = NULL;
    int result = library_load(command->station->media, &library);
    if (result < 0) {
        fprintf(stderr, _("%s: the media folder %s cannot be read: %s.\n"), command->name,
                command->station->media, strerror(-result));
        return result;
    }
    if (request->approval.stage == 0) {
        fputs(_("ketang approve: say which stage is signed, by --stage N.\n"), stderr);
    }
    for (int i = 0; i < request->count; i++) {
        const int signing = sign_number(command, library, request, request->house_numbers[i]);
        result = result == 0 ? signing : result;
    }
    library_destroy(library);
    return result;
}

int cmd_approve(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION,
                              .approval = {.run = APPROVAL_FIRST_RUN,
                                           .approver = store_command_author(),
                                           .note = "",
                                           .time_ms = store_command_now_ms()}};
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
        result = check_run(&command, &request.approval);
    }
    if (result == 0) {
        result = sign_all(&command, &request);
    }
    store_command_close(&command);
    return result < 0                    ? COMMAND_FAILED
           : request.approval.stage == 0 ? COMMAND_USAGE /* nothing was signed */
                                         : COMMAND_DONE;
}
