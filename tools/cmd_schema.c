/* SPDX-License-Identifier: MIT */
/* ketang schema: the JSON Schema of timetables or calendars, for editors. */
#include "tools/commands.h"

#include "playout/intl.h"
#include "playout/options.h"
#include "scheduler/timetable.h"
#include "tools/complaint.h"

#include <stdio.h>
#include <string.h>

static void print_usage(FILE *out)
{
    fputs(_("Usage: ketang schema [timetable|calendar]\n"
            "\n"
            "Prints the JSON Schema by which an editor checks and completes such files as\n"
            "they are typed.  It is made from the table that the reader itself works by.\n"
            "\n"
            "  ketang schema >ketang-timetable.schema.json\n"
            "\n"
            "and, as the first line of a timetable, for editors with a YAML language server:\n"
            "\n"
            "  # yaml-language-server: $schema=ketang-timetable.schema.json\n"),
          out);
}

int cmd_schema(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
    const int option = options_next(argc, argv, "h", options);
    const char *what = optind < argc ? argv[optind] : "timetable";
    const struct shape *shape = strcmp(what, "timetable") == 0  ? &timetable_shape
                                : strcmp(what, "calendar") == 0 ? &calendar_shape
                                                                : NULL;
    if (option == 'h') {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    if (option == -1 && shape == NULL) {
        fprintf(stderr,
                _("ketang schema: there is no schema '%s'; there are timetable, calendar.\n"),
                what);
    }
    if (option != -1 || shape == NULL ||
        complaint_stray("schema", argc, argv, optind < argc ? optind + 1 : argc) < 0) {
        return complaint_usage("schema");
    }
    json_t *schema = shape_schema(shape);
    const int failed = schema == NULL || json_dumpf(schema, stdout, JSON_INDENT(2)) < 0;
    putchar('\n');
    json_decref(schema);
    return failed ? COMMAND_FAILED : COMMAND_DONE;
}
