/* SPDX-License-Identifier: MIT */
#include "tools/demo_voice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Syllables are slower than grown-ups speak: the listeners are children. */
#define WORDS_PER_MINUTE "150"

enum {
    CHUNK_HEADER_SIZE = 8,
    RIFF_HEADER_SIZE = 12,
    FORMAT_SIZE = 16,
    FORMAT_PCM = 1,
    SAMPLES_MAX = DEMO_VOICE_RATE * 600,
};

/* Its complaints would only repeat the error that is returned. */
static int run_espeak(const char *text, const char *path)
{
    /* posix_spawn wants char *, and changes nothing. */
    char *arguments[] = {(char[]){"espeak-ng"},
                         (char[]){"-v"},
                         (char[]){"cmn"},
                         (char[]){"-s"},
                         (char[]){WORDS_PER_MINUTE},
                         (char[]){"-w"},
                         strdup(path),
                         (char[]){"--"},
                         strdup(text),
                         NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int status = 0;
    int result = 0;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    result = -posix_spawnp(&child, "espeak-ng", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    free(arguments[6]);
    free(arguments[8]);
    if (result != 0) {
        return result;
    }
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EPROTO;
}

static uint32_t get_le(const uint8_t *bytes, int count)
{
    uint32_t value = 0;

    for (int i = count - 1; i >= 0; i--) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static bool is_our_format(const uint8_t *format)
{
    return get_le(format, 2) == FORMAT_PCM && get_le(format + 2, 2) == 1 &&
           get_le(format + 4, 4) == DEMO_VOICE_RATE && get_le(format + 14, 2) == 16;
}

/* Leaves the file at the first sample.  Returns 0 or -EPROTO. */
static int find_samples(FILE *file, size_t *size)
{
    uint8_t header[RIFF_HEADER_SIZE];
    uint8_t format[FORMAT_SIZE] = {0};

    if (fread(header, RIFF_HEADER_SIZE, 1, file) != 1 || memcmp(header, "RIFF", 4) != 0 ||
        memcmp(header + 8, "WAVE", 4) != 0) {
        return -EPROTO;
    }
    while (fread(header, CHUNK_HEADER_SIZE, 1, file) == 1) {
        *size = get_le(header + 4, 4);
        if (memcmp(header, "data", 4) == 0) {
            return is_our_format(format) ? 0 : -EPROTO;
        }
        size_t skipped = *size;
        if (memcmp(header, "fmt ", 4) == 0 && *size >= FORMAT_SIZE) {
            if (fread(format, FORMAT_SIZE, 1, file) != 1) {
                return -EPROTO;
            }
            skipped -= FORMAT_SIZE;
        }
        if (skipped > INT_MAX || fseek(file, (long)skipped, SEEK_CUR) != 0) {
            return -EPROTO;
        }
    }
    return -EPROTO;
}

/* Little-endian machines only, like the rest of what libav gives us here. */
static int read_wav(struct demo_voice *voice, const char *path)
{
    size_t size = 0;
    int result = 0;
    int16_t *samples = NULL;
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return -errno;
    }
    result = find_samples(file, &size);
    if (result != 0 || size / 2 > SAMPLES_MAX) {
        result = -EPROTO;
        goto cleanup;
    }
    samples = malloc(size + 1);
    if (samples == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    voice->count = fread(samples, sizeof *samples, size / 2, file);
    voice->samples = samples;

cleanup:
    fclose(file);
    return result;
}

int demo_voice_say(struct demo_voice *voice, const char *text, const char *folder)
{
    char path[PATH_MAX];
    struct demo_voice spoken = {0};
    int result = 0;

    if (snprintf(path, sizeof path, "%s/voice.wav", folder) >= (int)sizeof path) {
        return -ENAMETOOLONG;
    }
    result = run_espeak(text, path);
    if (result == 0) {
        result = read_wav(&spoken, path);
    }
    unlink(path);
    if (result == 0) {
        *voice = spoken;
    }
    return result;
}

void demo_voice_finish(struct demo_voice *voice)
{
    free(voice->samples);
    *voice = (struct demo_voice){0};
}

int demo_voice_seconds(const struct demo_voice *voice)
{
    return (int)((voice->count + DEMO_VOICE_RATE - 1) / DEMO_VOICE_RATE);
}
