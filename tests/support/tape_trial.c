/* SPDX-License-Identifier: MIT */
#include "tests/support/tape_trial.h"

#include "tests/support/must.h"
#include "tests/support/tape_shrink.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEED_STEP UINT64_C(0x9e3779b97f4a7c15)

enum { PROCESSES_MOST = 64 };

/* What a process tells: memory that it shares with its parent. */
struct progress {
    uint64_t seed; /* of the case in hand */
    int64_t done;
    int64_t failed;
    struct judge_totals totals;
};

static int64_t from_environment(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? (int64_t)strtoull(text, NULL, 10) : otherwise;
}

void tape_trial_init(struct tape_trial *trial, uint64_t seed, int64_t cases)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *trial = (struct tape_trial){.seed = (uint64_t)from_environment("KETANG_SEED", (int64_t)seed),
                                 .cases = from_environment("KETANG_PLANS", cases)};
    trial->processes = (int)from_environment("KETANG_PROCESSES", processors > 0 ? processors : 1);
    trial->processes = trial->processes < 1                ? 1
                       : trial->processes > PROCESSES_MOST ? PROCESSES_MOST
                                                           : trial->processes;
}

static bool holds_quietly(const struct tape_shelf *shelf, const struct tape_case *of)
{
    FILE *nowhere = fopen("/dev/null", "w");
    MUST(nowhere != NULL);
    const bool holds = tape_judge(shelf, of, nowhere, NULL);
    fclose(nowhere);
    return holds;
}

static void tell_size(const struct tape_case *of, const char *when)
{
    int events = 0;
    int steps = 0;
    for (int i = 0; i < of->service_count; i++) {
        events += of->services[i].events.count;
        steps += of->services[i].step_count;
    }
    printf("# %s: %d services, %d events, %d steps, %" PRId64 " frames\n", when, of->service_count,
           events, steps, of->frames);
}

/* Writes the case, and how to look at it. */
static void save(const struct tape_shelf *shelf, const struct tape_case *of)
{
    const char *build = getenv("KETANG_BUILD");
    char folder[4096];
    struct tape_world world;
    snprintf(folder, sizeof(folder), "%s/failed/%" PRIu64, build != NULL ? build : "build",
             of->seed);
    MUST(tape_world_create(&world, shelf, of) == 0);
    tape_world_save(&world, folder);
    printf("# written to %s; its tape:\n"
           "#   ketang render --station %s/station.cfg --transport transport0 "
           "--first-slot %" PRIu64 " --slots %zu -o failed.ts\n",
           folder, folder, judge_first_slot(&world), judge_slot_count(&world));
    tape_world_destroy(&world);
}

static void report(const struct tape_shelf *shelf, struct tape_case *of)
{
    tell_size(of, "failed");
    const int trials = tape_shrink(of, shelf, holds_quietly);
    tell_size(of, "smallest that fails");
    printf("# %d cases tried; what is wrong with it:\n", trials);
    (void)tape_judge(shelf, of, stdout, NULL);
    save(shelf, of);
    printf("# KETANG_SEED=%" PRIu64 " KETANG_PLANS=1 repeats it\n", of->seed);
    fflush(stdout);
}

/* Every so many-th case; true: all hold. */
static bool work(const struct tape_trial *trial, const struct tape_shelf *shelf, int number,
                 struct progress *progress)
{
    static struct tape_case drawn;
    for (int64_t i = number; i < trial->cases; i += trial->processes) {
        progress->seed = trial->seed + (uint64_t)i * SEED_STEP;
        tape_case_draw(&drawn, shelf, progress->seed);
        if (!tape_judge(shelf, &drawn, stdout, &progress->totals)) {
            progress->failed++;
            report(shelf, &drawn);
            return false;
        }
        progress->done++;
    }
    return true;
}

static void sum_up(struct tape_trial *trial, const struct progress *progress)
{
    trial->done += progress->done;
    trial->failed += progress->failed;
    trial->totals.plans += progress->totals.plans;
    trial->totals.packets += progress->totals.packets;
    trial->totals.joins += progress->totals.joins;
    trial->totals.steps += progress->totals.steps;
    trial->totals.alone += progress->totals.alone;
    trial->totals.shortened += progress->totals.shortened;
    trial->totals.refused += progress->totals.refused;
}

void tape_trial_run(struct tape_trial *trial, const struct tape_shelf *shelf)
{
    const size_t size = sizeof(struct progress) * (size_t)trial->processes;
    struct progress *progress =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[PROCESSES_MOST];
    MUST(progress != MAP_FAILED);
    fflush(NULL);
    for (int i = 0; i < trial->processes; i++) {
        children[i] = fork();
        MUST(children[i] >= 0);
        if (children[i] == 0) {
            (void)work(trial, shelf, i, &progress[i]);
            fflush(NULL);
            _exit(0);
        }
    }
    for (int i = 0; i < trial->processes; i++) {
        int status = 0;
        MUST(waitpid(children[i], &status, 0) == children[i]);
        if (status != 0) {
            printf("# KETANG_SEED=%" PRIu64 " KETANG_PLANS=1 ends its process\n", progress[i].seed);
            progress[i].failed++;
        }
        sum_up(trial, &progress[i]);
    }
    MUST(munmap(progress, size) == 0);
}
