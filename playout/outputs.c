/* SPDX-License-Identifier: MIT */
#include "playout/outputs.h"

#include "playout/intl.h"
#include "playout/output_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    RETRY_TENDS = 5, /* what is not open is tried again at each fifth outputs_tend() */
};

struct lane_errors {
    _Atomic uint64_t count;
    atomic_int last;
};

struct outputs {
    struct pacer_sink sink; /* first */
    size_t lane_count;

    /* Of the pacer. */
    struct output_set *current;

    /* Mailboxes, between control and pacer. */
    _Atomic(struct output_set *) inbox;  /* for the pacer to take */
    _Atomic(struct output_set *) outbox; /* the pacer is done with it */
    struct lane_errors *errors;          /* written by the pacer */

    /* Of the control thread. */
    const struct station *station;
    const size_t *lanes;
    const struct output_set *latest; /* handed over last */
    struct recorders recorders;
    unsigned tends; /* since the last attempt */
};

/* --- The pacer ------------------------------------------------------------ */

static void note_error(struct outputs *outputs, struct leg *leg, int error)
{
    struct lane_errors *errors = &outputs->errors[leg->lane];
    atomic_fetch_add_explicit(&errors->count, 1, memory_order_relaxed);
    atomic_store_explicit(&errors->last, error, memory_order_relaxed);
    atomic_store_explicit(&leg->last_error, error, memory_order_relaxed);
    atomic_fetch_add_explicit(&leg->send_errors, 1, memory_order_release);
}

/* Each failed message is left out, the rest goes on: at most OUTPUT_BATCH turns. */
static void send_waiting(struct outputs *outputs, struct leg_socket *socket)
{
    unsigned done = 0;
    while (done < socket->waiting) {
        const int sent =
            sendmmsg(socket->fd, socket->headers + done, socket->waiting - done, MSG_DONTWAIT);
        if (sent > 0) {
            done += (unsigned)sent;
        } else {
            note_error(outputs, socket->messages[done].leg, errno);
            done++;
        }
    }
    socket->waiting = 0;
}

static void add_message(struct outputs *outputs, struct leg *leg, uint64_t number,
                        const uint8_t *datagram)
{
    struct leg_socket *socket = leg->socket;
    if (socket->waiting == OUTPUT_BATCH) {
        send_waiting(outputs, socket);
    }
    const unsigned i = socket->waiting++;
    struct message *message = &socket->messages[i];
    struct msghdr *header = &socket->headers[i].msg_hdr;
    message->leg = leg;
    message->vectors[1].iov_base = (void *)(uintptr_t)datagram; /* only read */
    header->msg_name = &leg->address;
    header->msg_namelen = leg->address_size;
    if (leg->is_rtp) {
        rtp_write_header(message->header, leg->ssrc, leg->slots_per_second, number);
        header->msg_iov = message->vectors;
        header->msg_iovlen = 2;
    } else {
        header->msg_iov = message->vectors + 1;
        header->msg_iovlen = 1;
    }
}

static void add(struct pacer_sink *sink, size_t lane, uint64_t number, const uint8_t *datagram)
{
    struct outputs *outputs = (struct outputs *)sink;
    const struct output_set *set = outputs->current;
    for (size_t i = set->first_leg[lane]; i < set->first_leg[lane + 1]; i++) {
        struct leg *leg = &set->legs[i];
        if (leg->socket != NULL) {
            add_message(outputs, leg, number, datagram);
        } else if (leg->recorder != NULL) {
            recorder_add(leg->recorder->recorder, number, datagram);
        }
    }
}

static void take_new_set(struct outputs *outputs)
{
    if (atomic_load_explicit(&outputs->inbox, memory_order_relaxed) == NULL ||
        atomic_load_explicit(&outputs->outbox, memory_order_relaxed) != NULL) {
        return;
    }
    struct output_set *fresh = atomic_exchange(&outputs->inbox, NULL);
    if (fresh != NULL) {
        atomic_store(&outputs->outbox, outputs->current);
        outputs->current = fresh;
    }
}

static void flush(struct pacer_sink *sink)
{
    struct outputs *outputs = (struct outputs *)sink;
    for (size_t i = 0; i < outputs->current->socket_count; i++) {
        send_waiting(outputs, outputs->current->sockets[i]);
    }
    take_new_set(outputs); /* between two batches nothing waits */
}

struct pacer_sink *outputs_sink(struct outputs *outputs)
{
    take_new_set(outputs);
    return &outputs->sink;
}

/* --- The control thread --------------------------------------------------- */

static void tell_failure(const struct station *station, const struct transport *transport,
                         const struct output *output, int error, struct problems *problems)
{
    if (output->protocol == OUTPUT_FILE) {
        problems_add(problems, PROBLEM_WARNING, station->path, 0, 0,
                     _("transport '%s': the recording in %s cannot be started: %s"),
                     transport->name, output->path, strerror(error));
    } else {
        problems_add(problems, PROBLEM_WARNING, station->path, 0, 0,
                     _("transport '%s': the output to %s port %d cannot be opened: %s"),
                     transport->name, output->address, output->port, strerror(error));
    }
}

static void tidy(struct outputs *outputs)
{
    output_set_destroy(atomic_exchange(&outputs->outbox, NULL));
    recorders_tend(&outputs->recorders);
}

static void hand_over(struct outputs *outputs, struct output_set *fresh)
{
    outputs->latest = fresh;
    outputs->tends = 0;
    tidy(outputs);
    output_set_destroy(atomic_exchange(&outputs->inbox, fresh));
}

int outputs_open(struct outputs *outputs, const struct station *station, const size_t *lanes,
                 struct problems *problems)
{
    struct output_set *fresh =
        output_set_open(&outputs->recorders, station, lanes, outputs->lane_count);
    if (fresh == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < fresh->leg_count; i++) {
        const struct leg *leg = &fresh->legs[i];
        const struct transport *transport = &station->transports[lanes[leg->lane]];
        if (leg->error != 0) {
            tell_failure(station, transport, &transport->outputs[i - fresh->first_leg[leg->lane]],
                         leg->error, problems);
        }
    }
    outputs->station = station;
    outputs->lanes = lanes;
    hand_over(outputs, fresh);
    return 0;
}

/* Sees which datagrams were lost since the last look, and why. */
static void look_at(struct leg *leg)
{
    uint64_t errors = atomic_load_explicit(&leg->send_errors, memory_order_acquire);
    int last = atomic_load_explicit(&leg->last_error, memory_order_relaxed);
    if (leg->recorder != NULL) {
        const struct recorder_status status = recorder_status(leg->recorder->recorder);
        errors = status.lost;
        last = status.error != 0 ? status.error : ENOBUFS; /* the disk is too slow */
    }
    leg->failing = errors != leg->errors_seen ? last : 0;
    leg->errors_seen = errors;
}

/* True when its interface or source address has gone away under an open socket. */
static bool is_gone(const struct leg *leg)
{
    return leg->socket != NULL && (leg->failing == ENODEV || leg->failing == ENXIO ||
                                   leg->failing == EADDRNOTAVAIL || leg->failing == EINVAL);
}

void outputs_tend(struct outputs *outputs)
{
    const struct output_set *latest = outputs->latest;
    bool has_lost = false;
    tidy(outputs);
    for (size_t i = 0; latest != NULL && i < latest->leg_count; i++) {
        look_at(&latest->legs[i]);
        has_lost = has_lost || is_gone(&latest->legs[i]);
    }
    if (latest == NULL || (latest->failures == 0 && !has_lost) || ++outputs->tends < RETRY_TENDS) {
        return;
    }
    outputs->tends = 0;
    struct output_set *fresh =
        output_set_open(&outputs->recorders, outputs->station, outputs->lanes, outputs->lane_count);
    if (fresh != NULL && (has_lost || fresh->failures < latest->failures)) {
        hand_over(outputs, fresh);
    } else {
        output_set_destroy(fresh);
    }
}

struct outputs *outputs_create(size_t lane_count)
{
    struct outputs *outputs = calloc(1, sizeof(*outputs));
    if (outputs == NULL) {
        return NULL;
    }
    outputs->sink = (struct pacer_sink){.add = add, .flush = flush};
    outputs->lane_count = lane_count;
    outputs->errors = calloc(lane_count, sizeof(outputs->errors[0]));
    outputs->current = output_set_create(lane_count, 0);
    if (outputs->errors == NULL || outputs->current == NULL) {
        (void)outputs_destroy(outputs, 0);
        return NULL;
    }
    return outputs;
}

size_t outputs_destroy(struct outputs *outputs, int wait_ms)
{
    if (outputs == NULL) {
        return 0;
    }
    output_set_destroy(outputs->current);
    output_set_destroy(atomic_load(&outputs->inbox));
    output_set_destroy(atomic_load(&outputs->outbox));
    const size_t left = recorders_end(&outputs->recorders, wait_ms);
    free(outputs->errors);
    free(outputs);
    return left;
}

uint64_t outputs_errors(const struct outputs *outputs, size_t lane, int *last_error)
{
    *last_error = atomic_load_explicit(&outputs->errors[lane].last, memory_order_relaxed);
    return atomic_load_explicit(&outputs->errors[lane].count, memory_order_relaxed);
}

struct output_state outputs_state(const struct outputs *outputs, size_t lane, size_t output)
{
    const struct leg *leg = &outputs->latest->legs[outputs->latest->first_leg[lane] + output];
    struct output_state state = {.is_open = leg->error == 0};
    state.error = leg->error != 0 ? leg->error : leg->failing;
    if (leg->recorder != NULL) {
        state.recorder = recorder_status(leg->recorder->recorder);
    }
    return state;
}
