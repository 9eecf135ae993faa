/* SPDX-License-Identifier: MIT */
/* ketang approvals: the history of approval, and what still is missing. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/signoff.h"
#include "scheduler/store/store_approval.h"
#include "tools/approve_text.h"
#include "tools/complaint.h"
#include "tools/station_library.h"
#include "tools/store_command.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8, WIDEST = 32 };

struct request {
    const char *station_path;
    const char *house_number; /* NULL: all */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang approvals [--station FILE] [HOUSE_NUMBER]\n"
            "\n"
            "Lists who approved what, in order; with a house number also what its present\n"
            "file still needs for the first run.\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang approvals\n"
          "  ketang approvals KT-42\n",
          out);
}

static int parse_options(int argc, char **argv, struct request *request)
{
    static const struct option options[] = {
        {"station", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0}};
    for (int option; (option = options_next(argc, argv, "h", options)) != -1;) {
        switch (option) {
        case 's':
            request->station_path = optarg;
            break;
        case 'h':
            return 1;
        default:
            return -EINVAL;
        }
    }
    if (argc - optind > 1) {
        fputs(_("ketang approvals: name one house number, or none.\n"), stderr);
        return -EINVAL;
    }
    request->house_number = optind < argc ? argv[optind] : NULL;
    return 0;
}

static const char *verdict_text(enum approval_verdict verdict)
{
    return verdict == APPROVAL_GIVEN      ? _("approved")
           : verdict == APPROVAL_REJECTED ? _("rejected")
                                          : _("withdrawn");
}

/* Whether a file is the latest one of its house number in some house format. */
static bool is_present(const struct library *library, const struct store_approval *approval)
{
    const struct library_asset *asset = library_get(library, approval->sha256);
    return asset != NULL && library_find(library, asset->profile, approval->house_number) == asset;
}

/* The texts of a row, in one piece of memory. */
struct row_texts {
    char time[STORE_COMMAND_TIME_SIZE];
    char stage[12];
    char file[10];
};

/* `library` NULL: which files are there is not known. */
static int print_table(const struct store_command *command, const struct library *library,
                       const struct store_rows *rows)
{
    const char **cells = calloc((rows->count + 1) * COLUMNS, sizeof(*cells));
    struct row_texts *lines = calloc(rows->count + 1, sizeof(*lines));
    if (cells == NULL || lines == NULL) {
        free(cells);
        free(lines);
        return -ENOMEM;
    }
    const char *const head[COLUMNS] = {_("time"),    _("house number"), _("run"),  _("stage"),
                                       _("verdict"), _("by"),           _("file"), _("note")};
    bool has_old = false;
    memcpy(cells, head, sizeof(head));
    for (size_t i = 0; i < rows->count; i++) {
        const struct store_approval approval = store_approval_at(rows, i);
        struct row_texts *line = &lines[i];
        store_command_time(command, approval.time_ms, line->time);
        snprintf(line->stage, sizeof(line->stage), "%d", approval.stage);
        const bool is_old = library != NULL && !is_present(library, &approval);
        has_old = has_old || is_old;
        snprintf(line->file, sizeof(line->file), "%.8s%s", approval.sha256, is_old ? "-" : "");
        const char *const row[COLUMNS] = {
            line->time,
            approval.house_number,
            strcmp(approval.run, APPROVAL_FIRST_RUN) == 0 ? _("first run") : approval.run,
            line->stage,
            verdict_text(approval.verdict),
            approval.approver,
            line->file,
            approval.note};
        memcpy(cells + (i + 1) * COLUMNS, row, sizeof(row));
    }
    text_table_print(stdout, cells, rows->count + 1, COLUMNS, WIDEST);
    if (has_old) {
        puts(_("A file with - behind it is not the present one any more."));
    }
    free(cells);
    free(lines);
    return 0;
}

static int print_missing(struct store_command *command, const struct library *library,
                         const char *house_number)
{
    const struct station *station = command->station;
    const int stages = station->scheduler.approval_stages;
    int result = 0;
    for (size_t i = 0; result == 0 && i < station->profile_count; i++) {
        const struct library_asset *asset =
            library_find(library, station->profiles[i].name, house_number);
        struct approval_chain chain;
        if (asset == NULL) {
            continue;
        }
        const struct store_approval of = {
            .house_number = house_number, .sha256 = asset->sha256, .run = APPROVAL_FIRST_RUN};
        result = store_approval_chain(command->store, &of, &chain);
        if (result < 0) {
            return store_command_complain(command, result);
        }
        const int level = approval_chain_level(&chain, station->scheduler.is_alone_allowed);
        char text[APPROVE_TEXT_SIZE];
        if (signoff_is_taken_back(command->signoff, &of)) {
            printf("%s, %.8s: %s", asset->profile, asset->sha256, approve_text_taken_back());
        } else if (chain.rejected > 0) {
            printf(_("%s, %.8s: rejected in stage %d: it airs in no run, not in a repeat either; "
                     "the mended file is signed anew.\n"),
                   asset->profile, asset->sha256, chain.rejected);
        } else if (level >= stages) {
            printf(_("%s, %.8s: may air its first run.\n"), asset->profile, asset->sha256);
        } else {
            printf(_("%s, %.8s: %d of %d stages are signed for the first run; the next one is "
                     "stage %d: %s\n"),
                   asset->profile, asset->sha256, level, stages, level + 1,
                   approve_text(station->path, house_number, level + 1, APPROVAL_FIRST_RUN, text));
        }
    }
    return result;
}

static int show(struct store_command *command, const struct request *request)
{
    struct planner *planner = NULL;
    struct store_rows rows = {0};
    /* Without the files it is known all the same who signed what. */
    const int opened = station_library_open(command->name, command->station, &planner);
    const struct library *library = opened == 0 ? planner_library(planner) : NULL;
    int result = store_approval_list(command->store, request->house_number, &rows);
    if (result < 0) {
        store_command_complain(command, result);
    } else if (rows.count == 0) {
        puts(_("Nothing has been approved."));
    } else {
        result = print_table(command, library, &rows);
    }
    if (result == 0 && request->house_number != NULL) {
        result = opened == 0 ? print_missing(command, library, request->house_number) : opened;
    }
    store_rows_finish(&rows);
    planner_destroy(planner);
    return result;
}

int cmd_approvals(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION};
    struct store_command command = {.name = "ketang approvals"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed < 0) {
        return complaint_usage("approvals");
    }
    if (parsed > 0) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    int result = store_command_open(&command, request.station_path, STORE_LOOK);
    if (result == 0) {
        result = store_command_signoff(&command);
    }
    if (result == 0) {
        result = show(&command, &request);
    }
    store_command_close(&command);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
