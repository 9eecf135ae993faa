/* SPDX-License-Identifier: MIT */
/*
 * receive: a receiver of our streams, as a headend has one: UDP over IPv4 or
 * IPv6, unicast or multicast, with the kernel's stamp of each arrival.
 */
#ifndef TESTS_SUPPORT_RECEIVE_H
#define TESTS_SUPPORT_RECEIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Listens on a port of a numeric address, with a large buffer; joins the
 * group when it is one, on an interface by name (NULL: as routed).  Returns
 * the socket, or -errno.
 */
int receive_open(const char *address, int port, const char *interface);

/*
 * Waits at most `wait_ms` for a datagram.  Returns its size, and in *when_ns
 * when it arrived (CLOCK_REALTIME); 0 when none came; -errno.
 */
ssize_t receive_next(int fd, int wait_ms, uint8_t *bytes, size_t room, int64_t *when_ns);

/* The PCR of a transport packet in 27 MHz ticks, or UINT64_MAX. */
uint64_t receive_pcr(const uint8_t *packet);

#endif
