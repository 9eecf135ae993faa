/* SPDX-License-Identifier: MIT */
#include "tests/support/import_bench.h"

#include "scheduler/import/import_write.h"
#include "scheduler/yaml_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct import_request import_plain = {.format = IMPORT_FORMAT_DETECT};

int import_bench_read(struct import *import, const struct import_request *request, const char *text,
                      char **yaml)
{
    size_t size = 0;
    assert_int_equal(import_init(import, "a.csv"), 0);
    const int result = import_read(import, request, text, strlen(text));
    *yaml = NULL;
    if (result == 0) {
        const struct import_output output = {.channel = "zhangdian"};
        struct yaml_tree *tree = NULL;
        FILE *out = open_memstream(yaml, &size);
        assert_int_equal(import_write(import, &output, out), 0);
        fclose(out);
        assert_int_equal(yaml_tree_parse("a.yaml", *yaml, size, &tree, &import->problems), 0);
        yaml_tree_destroy(tree);
    }
    return result;
}

void import_bench_check(const struct import_story *stories, size_t count,
                        const struct import_request *request)
{
    for (size_t i = 0; i < count; i++) {
        struct import import;
        char *yaml = NULL;
        bool is_told = stories[i].place == NULL;
        import_bench_read(&import, request, stories[i].text, &yaml);
        for (size_t k = 0; k < import.problems.count && stories[i].place != NULL; k++) {
            is_told = is_told || (strcmp(import.problems.items[k].file, stories[i].place) == 0 &&
                                  strstr(import.problems.items[k].text, stories[i].problem));
        }
        const bool is_written =
            stories[i].yaml == NULL || (yaml != NULL && strstr(yaml, stories[i].yaml) != NULL);
        if (!is_told || !is_written || (stories[i].place == NULL && import.problems.count > 0)) {
            problems_print(&import.problems, stderr);
            fail_msg("story %zu:\n%s\n%s", i, stories[i].text, yaml != NULL ? yaml : "");
        }
        free(yaml);
        import_finish(&import);
    }
}
