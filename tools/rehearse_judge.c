/* SPDX-License-Identifier: MIT */
#include "tools/rehearse_judge.h"

#include "playout/intl.h"
#include "tools/meter/ts_check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 2,
    LEARN_S = 3,     /* ts_check reads so far ahead */
    QUEUE_MOST = 16, /* chunks that wait for a thread: some seconds of stream each */
    PACKET_BITS = TS_PACKET_SIZE * 8,
};

/* A piece of a stretch. */
struct chunk {
    struct chunk *next;
    size_t lane;
    const struct tape_format *format;
    uint64_t first_slot;
    bool is_first;
    bool is_last;
    size_t count;
    uint8_t packets[];
};

/* A lane as its thread sees it. */
struct bench {
    struct ts_listener listener; /* first */
    struct rehearse_judge *judge;
    const struct tape_format *format;
    uint64_t first_slot;
    struct ts_report *report;
    struct ts_check *check;
};

/* Chunks that wait for a thread. */
struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct chunk *first;
    struct chunk **end;
    size_t count;
    bool is_closed;
    pthread_t thread;
    bool has_thread;
    struct rehearse_judge *judge;
};

struct rehearse_judge {
    struct rehearse_sink sink; /* first */
    const struct station *station;
    struct queue queues[THREADS];
    struct bench *benches;    /* of each lane */
    struct chunk **gathering; /* of each lane: what will be the next chunk */
    const struct tape_format **formats;
    size_t count;
    pthread_mutex_t notes_mutex;
    struct rehearse_notes notes;
    int64_t stretches;
};

/* --- The threads --------------------------------------------------------------------- */

static void note(struct bench *bench, int64_t packet, const char *kind, const char *text)
{
    struct rehearse_judge *judge = bench->judge;
    const uint64_t slot = bench->first_slot + (packet > 0 ? (uint64_t)packet : 0);
    pthread_mutex_lock(&judge->notes_mutex);
    rehearse_note(&judge->notes, NOTE_PROBLEM, tape_frame_of_slot(bench->format, slot),
                  tape_transport(bench->format)->name, _("stream: %s: %s"), kind, text);
    pthread_mutex_unlock(&judge->notes_mutex);
}

static void take_problem(struct ts_listener *listener, const struct ts_problem *problem)
{
    struct bench *bench = (struct bench *)listener;
    if (!ts_report_is_advice(problem->kind)) {
        note(bench, problem->packet, ts_report_name(problem->kind), problem->text);
    }
}

static void take_ungraded(struct ts_listener *listener, enum ts_kind kind, const char *text)
{
    struct bench *bench = (struct bench *)listener;
    (void)kind;
    note(bench, 0, _("cannot be judged"), text);
}

static void end_stretch(struct bench *bench)
{
    if (bench->check != NULL) {
        ts_check_finish(bench->check);
    }
    ts_check_destroy(bench->check);
    ts_report_destroy(bench->report);
    bench->check = NULL;
    bench->report = NULL;
}

static struct dvb_charsets charsets_of(const struct station *station)
{
    const char *unmarked = station->network.text == TEXT_GBK       ? "GBK"
                           : station->network.text == TEXT_GB18030 ? "GB18030"
                                                                   : NULL;
    return (struct dvb_charsets){.unmarked = unmarked};
}

static void begin_stretch(struct bench *bench, const struct chunk *chunk)
{
    const int64_t slots = tape_transport(chunk->format)->slots_per_second;
    const struct ts_check_options options = {
        .rate_bps = slots * PACKET_BITS,
        .slots_per_second = slots,
        .has_first_slot = true,
        .first_slot = chunk->first_slot,
        .charsets = charsets_of(bench->judge->station),
    };
    end_stretch(bench);
    bench->format = chunk->format;
    bench->first_slot = chunk->first_slot;
    bench->report = ts_report_create(NULL, 0);
    bench->check = bench->report != NULL ? ts_check_create(&options, bench->report) : NULL;
    if (bench->check == NULL || ts_check_learn(bench->check, chunk->packets, chunk->count) < 0) {
        note(bench, 0, _("cannot be judged"), strerror(ENOMEM));
        return;
    }
    ts_report_listen(bench->report, &bench->listener);
}

static void judge_chunk(struct rehearse_judge *judge, const struct chunk *chunk)
{
    struct bench *bench = &judge->benches[chunk->lane];
    if (chunk->is_first) {
        begin_stretch(bench, chunk);
    }
    for (size_t i = 0; bench->check != NULL && i < chunk->count; i++) {
        ts_check_packet(bench->check, chunk->packets + i * TS_PACKET_SIZE);
    }
    if (chunk->is_last) {
        end_stretch(bench);
    }
}

static struct chunk *fetch(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->first == NULL && !queue->is_closed) {
        pthread_cond_wait(&queue->changed, &queue->mutex);
    }
    struct chunk *chunk = queue->first;
    if (chunk != NULL) {
        queue->first = chunk->next;
        queue->end = queue->first == NULL ? &queue->first : queue->end;
        queue->count--;
        pthread_cond_broadcast(&queue->changed);
    }
    pthread_mutex_unlock(&queue->mutex);
    return chunk;
}

static void *work(void *argument)
{
    struct queue *queue = argument;
    struct chunk *chunk = NULL;
    while ((chunk = fetch(queue)) != NULL) {
        judge_chunk(queue->judge, chunk);
        free(chunk);
    }
    return NULL;
}

/* --- The rehearsal's side ------------------------------------------------------------- */

static void hand_over(struct rehearse_judge *judge, struct chunk *chunk)
{
    struct queue *queue = &judge->queues[chunk->lane % THREADS];
    pthread_mutex_lock(&queue->mutex);
    while (queue->count >= QUEUE_MOST) {
        pthread_cond_wait(&queue->changed, &queue->mutex);
    }
    *queue->end = chunk;
    queue->end = &chunk->next;
    queue->count++;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->mutex);
}

static size_t chunk_packets(const struct tape_format *format)
{
    return (size_t)tape_transport(format)->slots_per_second * LEARN_S;
}

static struct chunk *new_chunk(const struct rehearse_judge *judge, size_t lane, uint64_t first_slot)
{
    const struct tape_format *format = judge->formats[lane];
    struct chunk *chunk = malloc(sizeof(*chunk) + chunk_packets(format) * TS_PACKET_SIZE);
    if (chunk != NULL) {
        *chunk = (struct chunk){.lane = lane, .format = format, .first_slot = first_slot};
    }
    return chunk;
}

static void begin(struct rehearse_sink *sink, size_t lane, const struct tape_format *format,
                  uint64_t first_slot)
{
    struct rehearse_judge *judge = (struct rehearse_judge *)sink;
    judge->formats[lane] = format;
    judge->gathering[lane] = new_chunk(judge, lane, first_slot);
    if (judge->gathering[lane] != NULL) {
        judge->gathering[lane]->is_first = true;
    }
    judge->stretches++;
}

/* A chunk is handed over when something follows it: then it is not the last. */
static void take_packets(struct rehearse_sink *sink, size_t lane, const uint8_t *packets,
                         size_t count)
{
    struct rehearse_judge *judge = (struct rehearse_judge *)sink;
    struct chunk *chunk = judge->gathering[lane];
    const size_t most = chunk_packets(judge->formats[lane]);
    while (count > 0 && chunk != NULL) {
        if (chunk->count == most) {
            const uint64_t next = chunk->first_slot + chunk->count;
            hand_over(judge, chunk);
            chunk = new_chunk(judge, lane, next);
            judge->gathering[lane] = chunk;
            continue;
        }
        const size_t room = most - chunk->count;
        const size_t taken = count < room ? count : room;
        memcpy(chunk->packets + chunk->count * TS_PACKET_SIZE, packets, taken * TS_PACKET_SIZE);
        chunk->count += taken;
        packets += taken * TS_PACKET_SIZE;
        count -= taken;
    }
}

static void end(struct rehearse_sink *sink, size_t lane)
{
    struct rehearse_judge *judge = (struct rehearse_judge *)sink;
    struct chunk *chunk = judge->gathering[lane];
    judge->gathering[lane] = NULL;
    if (chunk != NULL) {
        chunk->is_last = true;
        hand_over(judge, chunk);
    }
}

/* --- Life ------------------------------------------------------------------------------ */

static bool open_queue(struct rehearse_judge *judge, struct queue *queue)
{
    queue->judge = judge;
    queue->end = &queue->first;
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->has_thread = pthread_create(&queue->thread, NULL, work, queue) == 0;
    return queue->has_thread;
}

static void join_threads(struct rehearse_judge *judge)
{
    for (size_t i = 0; i < THREADS; i++) {
        struct queue *queue = &judge->queues[i];
        if (queue->has_thread) {
            pthread_mutex_lock(&queue->mutex);
            queue->is_closed = true;
            pthread_cond_broadcast(&queue->changed);
            pthread_mutex_unlock(&queue->mutex);
            pthread_join(queue->thread, NULL);
            queue->has_thread = false;
        }
    }
}

/* Waits until everything has been read. */
static void finish(struct rehearse_sink *sink)
{
    join_threads((struct rehearse_judge *)sink);
}

struct rehearse_judge *rehearse_judge_create(const struct station *station)
{
    struct rehearse_judge *judge = calloc(1, sizeof(*judge));
    if (judge == NULL) {
        return NULL;
    }
    judge->sink = (struct rehearse_sink){begin, take_packets, end, finish};
    judge->station = station;
    judge->count = station->transport_count;
    judge->benches = calloc(judge->count + 1, sizeof(judge->benches[0]));
    judge->gathering = calloc(judge->count + 1, sizeof(judge->gathering[0]));
    judge->formats = calloc(judge->count + 1, sizeof(judge->formats[0]));
    pthread_mutex_init(&judge->notes_mutex, NULL);
    bool is_made = judge->benches != NULL && judge->gathering != NULL && judge->formats != NULL;
    for (size_t i = 0; is_made && i < judge->count; i++) {
        judge->benches[i].judge = judge;
        judge->benches[i].listener = (struct ts_listener){take_problem, take_ungraded};
    }
    for (size_t i = 0; i < THREADS; i++) {
        is_made = open_queue(judge, &judge->queues[i]) && is_made;
    }
    if (!is_made) {
        rehearse_judge_destroy(judge);
        return NULL;
    }
    return judge;
}

struct rehearse_sink *rehearse_judge_sink(struct rehearse_judge *judge)
{
    return &judge->sink;
}

int64_t rehearse_judge_finish(struct rehearse_judge *judge, struct rehearse_notes *notes)
{
    for (size_t i = 0; i < judge->notes.count; i++) {
        const struct rehearse_remark *remark = &judge->notes.remarks[i];
        rehearse_note(notes, remark->kind, remark->frame, remark->channel, "%s", remark->text);
    }
    /* Those that were counted only. */
    notes->problems += judge->notes.problems - (int64_t)judge->notes.count;
    rehearse_notes_sort(notes);
    return judge->stretches;
}

void rehearse_judge_destroy(struct rehearse_judge *judge)
{
    if (judge == NULL) {
        return;
    }
    join_threads(judge);
    for (size_t i = 0; i < judge->count; i++) {
        if (judge->benches != NULL) {
            end_stretch(&judge->benches[i]);
        }
        free(judge->gathering != NULL ? judge->gathering[i] : NULL);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_cond_destroy(&judge->queues[i].changed);
        pthread_mutex_destroy(&judge->queues[i].mutex);
    }
    pthread_mutex_destroy(&judge->notes_mutex);
    rehearse_notes_finish(&judge->notes);
    free(judge->benches);
    free(judge->gathering);
    free(judge->formats);
    free(judge);
}
