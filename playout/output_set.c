/* SPDX-License-Identifier: MIT */
#include "playout/output_set.h"

#include "playout/output_socket.h"
#include "playout/tape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct output_set *output_set_create(size_t lane_count, size_t leg_count)
{
    struct output_set *set = calloc(1, sizeof(*set));
    if (set != NULL) {
        set->sockets = calloc(leg_count + 1, sizeof(set->sockets[0]));
        set->legs = calloc(leg_count + 1, sizeof(set->legs[0]));
        set->first_leg = calloc(lane_count + 1, sizeof(set->first_leg[0]));
    }
    if (set == NULL || set->sockets == NULL || set->legs == NULL || set->first_leg == NULL) {
        output_set_destroy(set);
        return NULL;
    }
    return set;
}

void output_set_destroy(struct output_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i < set->socket_count; i++) {
        close(set->sockets[i]->fd);
        free(set->sockets[i]);
    }
    for (size_t i = 0; i < set->leg_count; i++) {
        if (set->legs[i].recorder != NULL) {
            shared_recorder_release(set->legs[i].recorder);
        }
    }
    free(set->sockets);
    free(set->legs);
    free(set->first_leg);
    free(set);
}

static struct leg_socket *create_socket(const struct output *output, int fd)
{
    struct leg_socket *socket = malloc(sizeof(*socket));
    if (socket == NULL) {
        return NULL;
    }
    memset(socket, 0, sizeof(*socket)); /* touches every page, so that the pacer need not */
    socket->fd = fd;
    socket->output = output;
    for (size_t i = 0; i < OUTPUT_BATCH; i++) {
        struct message *message = &socket->messages[i];
        message->vectors[0] =
            (struct iovec){.iov_base = message->header, .iov_len = RTP_HEADER_LENGTH};
        message->vectors[1].iov_len = DATAGRAM_SIZE;
    }
    return socket;
}

/* The set's socket for such a leg, opened when there is none with room.  0 or -errno. */
static int find_socket(struct output_set *set, const struct output *output,
                       struct leg_socket **socket)
{
    for (size_t i = 0; i < set->socket_count; i++) {
        struct leg_socket *open = set->sockets[i];
        if (open->legs < LEGS_PER_SOCKET && output_socket_fits(open->output, output)) {
            open->legs++;
            *socket = open;
            return 0;
        }
    }
    const int fd = output_socket_open(output);
    if (fd < 0) {
        return fd;
    }
    struct leg_socket *fresh = create_socket(output, fd);
    if (fresh == NULL) {
        close(fd);
        return -ENOMEM;
    }
    fresh->legs = 1;
    set->sockets[set->socket_count++] = fresh;
    *socket = fresh;
    return 0;
}

static int open_file_leg(struct recorders *recorders, const struct station *station,
                         const struct transport *transport, const struct output *output,
                         struct leg *leg)
{
    const int result =
        recorders_open(recorders, station, transport, output, leg->lane, &leg->recorder);
    if (result == 0) {
        leg->errors_seen = recorder_status(leg->recorder->recorder).lost;
    }
    return result;
}

static int open_network_leg(struct output_set *set, const struct output *output, struct leg *leg)
{
    leg->is_rtp = output->protocol == OUTPUT_RTP;
    leg->ssrc = output->ssrc;
    const int result = output_address(output, &leg->address, &leg->address_size);
    return result < 0 ? result : find_socket(set, output, &leg->socket);
}

struct output_set *output_set_open(struct recorders *recorders, const struct station *station,
                                   const size_t *lanes, size_t lane_count)
{
    size_t count = 0;
    for (size_t i = 0; i < lane_count; i++) {
        count += station->transports[lanes[i]].output_count;
    }
    struct output_set *set = output_set_create(lane_count, count);
    for (size_t i = 0; set != NULL && i < lane_count; i++) {
        const struct transport *transport = &station->transports[lanes[i]];
        for (size_t j = 0; j < transport->output_count; j++) {
            const struct output *output = &transport->outputs[j];
            struct leg *leg = &set->legs[set->leg_count++];
            leg->lane = i;
            leg->slots_per_second = transport->slots_per_second;
            leg->error = -(output->protocol == OUTPUT_FILE
                               ? open_file_leg(recorders, station, transport, output, leg)
                               : open_network_leg(set, output, leg));
            set->failures += leg->error != 0;
        }
        set->first_leg[i + 1] = set->leg_count;
    }
    return set;
}
