/* SPDX-License-Identifier: MIT */
#include "tools/approve_text.h"

#include "playout/intl.h"
#include "scheduler/store/store_approval.h"
#include "tools/commands.h"
#include "tools/shell_word.h"

#include <stdio.h>
#include <string.h>

void approve_text_begin(FILE *out, const char *command, const char *station_path)
{
    fprintf(out, "ketang %s ", command);
    if (strcmp(station_path, DEFAULT_STATION) != 0) {
        fputs("--station ", out);
        shell_word_print(out, station_path);
        fputc(' ', out);
    }
}

const char *approve_text(const char *station_path, const char *house_number, int stage,
                         const char *run, char text[APPROVE_TEXT_SIZE])
{
    text[0] = text[APPROVE_TEXT_SIZE - 1] = '\0';
    FILE *out = fmemopen(text, APPROVE_TEXT_SIZE - 1, "w");
    if (out == NULL) {
        return text;
    }
    approve_text_begin(out, "approve", station_path);
    shell_word_print(out, house_number);
    fprintf(out, " --stage %d", stage);
    if (strcmp(run, APPROVAL_FIRST_RUN) != 0) {
        fprintf(out, " --repeat %s", run);
    }
    fclose(out);
    return text;
}

const char *approve_text_taken_back(void)
{
    return _(
        "it was rejected or withdrawn, and the store does not know (it may be an old copy): it "
        "does not air, and no signature counts.  First write that back into the store: `ketang "
        "store rebuild`; then sign it anew.\n");
}
