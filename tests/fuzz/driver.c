/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzzer over its corpus without a fuzzing engine, so that `make test`
 * does it with any compiler: tests/fuzz/fuzz_X.c over tests/fuzz/corpus/X/,
 * and over the cuts and bit flips of each file that a fixed seed gives.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    LARGEST_INPUT = 1 << 20,
    VARIANTS = 50,
};

struct input {
    uint8_t *bytes;
    size_t size;
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A buffer of exactly the size, so that reading past it is seen. */
static int run_on(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        return -1;
    }
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

static int run_with_variants(struct input *input)
{
    uint32_t random = 1;
    int error = run_on(input->bytes, input->size);

    for (int i = 0; i < VARIANTS && error == 0 && input->size > 0; i++) {
        size_t place = next_random(&random) % input->size;
        uint8_t kept = input->bytes[place];
        input->bytes[place] ^= (uint8_t)(1u << (next_random(&random) % 8));
        error = run_on(input->bytes, input->size);
        input->bytes[place] = kept;
        if (error == 0) {
            error = run_on(input->bytes, place);
        }
    }
    return error;
}

static int run_file(const char *folder, const char *name)
{
    static uint8_t bytes[LARGEST_INPUT];
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return -1;
    }
    struct input input = {bytes, fread(bytes, 1, sizeof bytes, file)};
    fclose(file);
    return run_with_variants(&input);
}

int main(int argc, char **argv)
{
    char folder[4096];
    const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
    int count = 0;
    int failed = 0;

    if (name == NULL || strncmp(name, "/fuzz_", 6) != 0) {
        fprintf(stderr, "driver: run me as .../fuzz_X\n");
        return 2;
    }
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name + 6);
    DIR *corpus = opendir(folder);
    if (corpus == NULL) {
        fprintf(stderr, "driver: no folder %s\n", folder);
        return 2;
    }
    for (struct dirent *entry = readdir(corpus); entry != NULL; entry = readdir(corpus)) {
        if (entry->d_name[0] != '.') {
            int error = run_file(folder, entry->d_name);
            printf("%s %d - %s\n", error == 0 ? "ok" : "not ok", ++count, entry->d_name);
            failed += error != 0;
        }
    }
    closedir(corpus);
    printf("1..%d\n", count);
    return failed > 0 || count == 0;
}
