/* SPDX-License-Identifier: MIT */
#include "playout/output_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { SEND_BUFFER = 1 << 20 };

static int family_of(const char *text)
{
    struct in6_addr parsed; /* room for both */
    return inet_pton(AF_INET, text, &parsed) == 1    ? AF_INET
           : inet_pton(AF_INET6, text, &parsed) == 1 ? AF_INET6
                                                     : AF_UNSPEC;
}

/* The number of the interface that has this address; 0 when there is none. */
static unsigned interface_with(int family, const void *wanted)
{
    struct ifaddrs *list = NULL;
    unsigned index = 0;
    if (getifaddrs(&list) < 0) {
        return 0;
    }
    for (const struct ifaddrs *at = list; at != NULL && index == 0; at = at->ifa_next) {
        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != family) {
            continue;
        }
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)at->ifa_addr;
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)at->ifa_addr;
        const bool is_it = family == AF_INET ? memcmp(&v4->sin_addr, wanted, 4) == 0
                                             : memcmp(&v6->sin6_addr, wanted, 16) == 0;
        index = is_it ? if_nametoindex(at->ifa_name) : 0;
    }
    freeifaddrs(list);
    return index;
}

/* The number of an output's interface, 0 when it names none; or -errno. */
static int interface_index(const struct output *output)
{
    struct in6_addr address;
    if (output->interface == NULL) {
        return 0;
    }
    const int family = family_of(output->interface);
    if (family == AF_UNSPEC) {
        const unsigned index = if_nametoindex(output->interface);
        return index > 0 ? (int)index : -errno;
    }
    inet_pton(family, output->interface, &address);
    const unsigned index = interface_with(family, &address);
    return index > 0 ? (int)index : -EADDRNOTAVAIL;
}

int output_address(const struct output *output, struct sockaddr_storage *address, socklen_t *size)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, output->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)output->port);
        *size = sizeof(*v4);
        return 0;
    }
    if (inet_pton(AF_INET6, output->address, &v6->sin6_addr) != 1) {
        return -EINVAL;
    }
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons((uint16_t)output->port);
    *size = sizeof(*v6);
    if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&v6->sin6_addr) ||
        IN6_IS_ADDR_MC_NODELOCAL(&v6->sin6_addr)) {
        const int index = interface_index(output);
        if (index < 0) {
            return index;
        }
        v6->sin6_scope_id = (uint32_t)index;
    }
    return 0;
}

static int set_option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno : 0;
}

static int bind_to_address(int fd, int family, const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (family == AF_INET) {
        inet_pton(AF_INET, text, &v4.sin_addr);
        return bind(fd, (const struct sockaddr *)&v4, sizeof(v4)) < 0 ? -errno : 0;
    }
    inet_pton(AF_INET6, text, &v6.sin6_addr);
    return bind(fd, (const struct sockaddr *)&v6, sizeof(v6)) < 0 ? -errno : 0;
}

static int choose_interface(int fd, int family, const struct output *output)
{
    const int index = interface_index(output);
    if (index <= 0) {
        return index;
    }
    int result = 0;
    if (family == AF_INET) {
        const struct ip_mreqn request = {.imr_ifindex = index};
        result = setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof(request));
    } else {
        result = setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index));
    }
    if (result < 0) {
        return -errno;
    }
    if (family_of(output->interface) != AF_UNSPEC) {
        return bind_to_address(fd, family, output->interface);
    }
    const socklen_t length = (socklen_t)strlen(output->interface);
    result = setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, output->interface, length);
    return result < 0 ? -errno : 0;
}

static int set_options(int fd, int family, const struct output *output)
{
    int result = 0;
    /* As much as the system's limit permits. */
    (void)set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
    if (family == AF_INET) {
        result = set_option(fd, IPPROTO_IP, IP_TTL, output->ttl);
        result = result < 0 ? result : set_option(fd, IPPROTO_IP, IP_MULTICAST_TTL, output->ttl);
        result = result < 0 ? result : set_option(fd, IPPROTO_IP, IP_TOS, output->dscp << 2);
        return result;
    }
    result = set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, output->ttl);
    result = result < 0 ? result : set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, output->ttl);
    result = result < 0 ? result : set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, output->dscp << 2);
    return result;
}

int output_socket_open(const struct output *output)
{
    const int family = family_of(output->address);
    const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -errno;
    }
    int result = set_options(fd, family, output);
    if (result == 0) {
        result = choose_interface(fd, family, output);
    }
    if (result < 0) {
        close(fd);
        return result;
    }
    return fd;
}

static bool same_interface(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool output_socket_fits(const struct output *a, const struct output *b)
{
    return family_of(a->address) == family_of(b->address) && a->ttl == b->ttl &&
           a->dscp == b->dscp && same_interface(a->interface, b->interface);
}
