/* SPDX-License-Identifier: MIT */
/*
 * ketang store: looks at the scheduler's database, backs it up, brings it back.
 */
#include "tools/commands.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "playout/options.h"
#include "playout/suggest.h"
#include "scheduler/signoff.h"
#include "scheduler/store/store_dump.h"
#include "scheduler/store/store_rebuild.h"
#include "tools/complaint.h"
#include "tools/store_command.h"
#include "tools/text_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
    const char *station_path;
    const char *action;
    const char *file; /* NULL: none */
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang store [--station FILE] ACTION\n"
            "\n"
            "The scheduler's database: lessons, approvals, frozen days, orders, users ...\n"
            "\n"
            "  status             where it is, and what is in it\n"
            "  migrate            makes it, or brings it up to this program's schema\n"
            "  backup FILE        writes everything into one file; - is standard output\n"
            "  restore FILE       reads such a file into an empty store; - is standard input\n"
            "  rebuild            adds what media, plans, as-run and signoff.json tell, after\n"
            "                     a loss\n"
            "\n"
            "  --station FILE     the station file (schedules/station.cfg)\n"),
          out);
    fputs(_("\nExamples:\n"), out);
    fputs("  ketang store backup /backup/ketang.jsonl\n"
          "  ketang store backup - | ssh elsewhere 'cat > ketang.jsonl'\n",
          out);
}

static bool knows_action(const char *action)
{
    static const char *const actions[] = {"status",  "migrate", "backup",
                                          "restore", "rebuild", NULL};
    const char *meant = suggest(action, actions);
    if (meant == NULL) {
        fprintf(stderr, _("ketang store: there is no action '%s'.\n"), action);
    } else if (strcmp(meant, action) != 0) {
        fprintf(stderr, _("ketang store: there is no action '%s'; did you mean '%s'?\n"), action,
                meant);
    }
    return meant != NULL && strcmp(meant, action) == 0;
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
    if (optind == argc) {
        fputs(_("ketang store: say what is to be done.\n"), stderr);
        return -EINVAL;
    }
    request->action = argv[optind];
    if (!knows_action(request->action)) {
        return -EINVAL;
    }
    const bool needs_file =
        strcmp(request->action, "backup") == 0 || strcmp(request->action, "restore") == 0;
    if (argc - optind - 1 != needs_file) {
        fprintf(stderr,
                needs_file ? _("ketang store %s: name one file.\n")
                           : _("ketang store %s: nothing else is to be said.\n"),
                request->action);
        return -EINVAL;
    }
    request->file = needs_file ? argv[optind + 1] : NULL;
    return 0;
}

static int show_status(struct store_command *command)
{
    int64_t version = 0;
    int64_t rows = 0;
    const char *table = NULL;
    int result = store_schema_version(command->store, &version);
    if (result < 0) {
        return store_command_complain(command, result);
    }
    printf(_("%s\nschema %lld\n"), store_description(command->store), (long long)version);
    for (size_t i = 0; (result = store_count(command->store, i, &table, &rows)) == 0; i++) {
        printf("  %-16s %8lld\n", table, (long long)rows);
    }
    return result == -ENOENT ? 0 : store_command_complain(command, result);
}

static int migrate(struct store_command *command)
{
    printf(_("%s\nschema %lld: up to date.\n"), store_description(command->store),
           (long long)store_schema_newest());
    return 0;
}

static int dump_to(struct store_command *command, FILE *out, int64_t *rows)
{
    const int result = store_dump(command->store, out, rows);
    return result < 0 ? store_command_complain(command, result) : 0;
}

/* By a temporary name, so that a backup that fails leaves the last one alone. */
static int backup_to_file(struct store_command *command, const char *path, int64_t *rows)
{
    char *temporary = NULL;
    FILE *out = NULL;
    int result = -ENOMEM;
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
        return -ENOMEM;
    }
    const int fd = mkstemp(temporary); /* for its owner's eyes: passwords */
    if (fd < 0 || (out = fdopen(fd, "w")) == NULL) {
        result = -errno;
        fprintf(stderr, _("%s: %s cannot be written: %s.\n"), command->name, path, strerror(errno));
        free(temporary);
        return result;
    }
    result = dump_to(command, out, rows);
    if (result == 0 && (fsync(fd) < 0 || rename(temporary, path) < 0)) {
        result = -errno;
        fprintf(stderr, _("%s: %s cannot be written: %s.\n"), command->name, path, strerror(errno));
    }
    fclose(out);
    if (result == 0) {
        result = durable_sync_folder(path);
    } else {
        unlink(temporary);
    }
    free(temporary);
    return result;
}

static int backup(struct store_command *command, const char *path)
{
    int64_t rows = 0;
    const int result = strcmp(path, "-") == 0 ? dump_to(command, stdout, &rows)
                                              : backup_to_file(command, path, &rows);
    if (result == 0) {
        fprintf(stderr, _("%lld rows written.\n"), (long long)rows);
    }
    return result;
}

static int restore(struct store_command *command, const char *path)
{
    int64_t rows = 0;
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (in == NULL) {
        fprintf(stderr, _("%s: %s cannot be opened: %s.\n"), command->name, path, strerror(errno));
        return -errno;
    }
    int result = store_restore(command->store, in, &rows);
    if (result < 0) {
        store_command_complain(command, result);
    } else {
        printf(_("%lld rows restored into %s.\n"), (long long)rows,
               store_description(command->store));
    }
    if (in != stdin) {
        fclose(in);
    }
    return result;
}

static int rebuild(struct store_command *command)
{
    struct store_rebuilt rebuilt;
    struct signoff_counts counts;
    struct problems problems;
    const int64_t now_ms = store_command_now_ms();
    problems_init(&problems);
    int result =
        store_rebuild(command->store, command->station, command->zone, now_ms, &problems, &rebuilt);
    if (result == 0) {
        result =
            signoff_bring_back(command->store, command->station,
                               zone_date(command->zone, now_ms / 1000), now_ms, &counts, &problems);
    }
    problems_print(&problems, stderr);
    problems_finish(&problems);
    if (result < 0) {
        return store_command_complain(command, result);
    }
    printf(_("Added from the files of the station: %lld asset versions, %lld lessons, %lld plan "
             "revisions, %lld orders, %lld as-run lines.\n"
             "Of what was signed last (%s/signoff.json): approvals %zu, closed days %zu.\n"
             "What was signed while no scheduler ran, notes, submissions and users stand in no "
             "file: they come back from a backup only.\n"),
           (long long)rebuilt.assets, (long long)rebuilt.lessons, (long long)rebuilt.revisions,
           (long long)rebuilt.amendments, (long long)rebuilt.as_run_lines, command->station->state,
           counts.approved, counts.closed);
    return 0;
}

static int act(struct store_command *command, const struct request *request)
{
    const char *action = request->action;
    const bool is_looking = strcmp(action, "status") == 0 || strcmp(action, "backup") == 0;
    int result = is_looking ? store_command_open(command, request->station_path, STORE_LOOK)
                            : store_command_station(command, request->station_path);
    if (result == 0 && !is_looking) {
        result = store_command_store(command, STORE_USE);
    }
    if (result < 0) {
        return result;
    }
    if (strcmp(action, "status") == 0) {
        return show_status(command);
    }
    if (strcmp(action, "migrate") == 0) {
        return migrate(command);
    }
    if (strcmp(action, "backup") == 0) {
        return backup(command, request->file);
    }
    return strcmp(action, "restore") == 0 ? restore(command, request->file) : rebuild(command);
}

int cmd_store(int argc, char **argv)
{
    struct request request = {.station_path = DEFAULT_STATION};
    struct store_command command = {.name = "ketang store"};
    const int parsed = parse_options(argc, argv, &request);
    if (parsed < 0) {
        return complaint_usage("store");
    }
    if (parsed > 0) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    const int result = act(&command, &request);
    store_command_close(&command);
    return result == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
