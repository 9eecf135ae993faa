/* SPDX-License-Identifier: MIT */
/* What the fuzzers of imports share: whatever was read is checked and written as good YAML. */
#ifndef TESTS_FUZZ_IMPORT_FUZZ_H
#define TESTS_FUZZ_IMPORT_FUZZ_H

#include "scheduler/import/import.h"
#include "scheduler/import/import_write.h"
#include "scheduler/yaml_tree.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Within these the reader of YAML has no reason to refuse anything. */
enum { YAML_BYTES_MOST = 100000 };

static void write_and_read_back(const struct import *import, bool is_addition)
{
    const struct import_output output = {.channel = "zhangdian", .is_addition = is_addition};
    struct problems problems;
    struct yaml_tree *tree = NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL || import_write(import, &output, out) < 0 || fclose(out) != 0) {
        abort();
    }
    problems_init(&problems);
    if (size < YAML_BYTES_MOST && yaml_tree_parse("out.yaml", text, size, &tree, &problems) < 0) {
        fwrite(text, 1, size, stderr);
        problems_print(&problems, stderr);
        abort();
    }
    yaml_tree_destroy(tree);
    problems_finish(&problems);
    free(text);
}

/* Reads the bytes as `format`, and holds what was understood to its word. */
static void fuzz_import(const uint8_t *data, size_t size, const struct import_request *request)
{
    struct import import;
    if (import_init(&import, "fuzz") < 0) {
        return;
    }
    const int result = import_read(&import, request, data, size);
    if (result < 0 && import.problems.errors == 0) {
        abort(); /* it must say why */
    }
    if (result == 0) {
        write_and_read_back(&import, false);
        if (import.week > 0 && !import.is_calendar) {
            write_and_read_back(&import, true);
        }
    }
    import_finish(&import);
}

#endif
