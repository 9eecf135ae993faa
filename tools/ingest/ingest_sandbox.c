/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_sandbox.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    NOBODY = 65534,
    ASK_MS = 200,
    FAILED = 125, /* exit status: the walls could not be put up */
};

/* --- In the child ------------------------------------------------------------------------ */

/* What computing on open files needs, in glibc and FFmpeg; all else is refused. */
static const int ALLOWED[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(_llseek),
    SCMP_SYS(fstat),
    SCMP_SYS(fstat64),
    SCMP_SYS(ftruncate),
    SCMP_SYS(ftruncate64),
    SCMP_SYS(close),
    SCMP_SYS(mmap),
    SCMP_SYS(mmap2),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

static bool allow(scmp_filter_ctx filter)
{
    int result = 0;
    for (size_t i = 0; i < sizeof(ALLOWED) / sizeof(ALLOWED[0]); i++) {
        result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0);
    }
    /* Threads, and no processes; abort() of oneself. */
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                               SCMP_A0(SCMP_CMP_MASKED_EQ, 0x10000, 0x10000)); /* CLONE_THREAD */
    result |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                               SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    return result == 0;
}

static bool shut_system_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    const bool is_shut = filter != NULL && allow(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_shut;
}

enum { GRACE = 5 }; /* between the limit that is told and the one that kills */

static bool limit(int what, int64_t most)
{
    const struct rlimit limits = {(rlim_t)most, (rlim_t)most + (what == RLIMIT_CPU ? GRACE : 0)};
    return setrlimit((__rlimit_resource_t)what, &limits) == 0;
}

static bool set_limits(const struct ingest_sandbox *sandbox)
{
#ifdef __SANITIZE_ADDRESS__
    const bool is_bound = true; /* its shadow takes all addresses there are */
#else
    const bool is_bound = limit(RLIMIT_AS, sandbox->memory_bytes);
#endif
    return is_bound && limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, sandbox->cpu_s) &&
           limit(RLIMIT_FSIZE, sandbox->file_bytes);
}

static bool drop_privileges(void)
{
    if (geteuid() != 0) {
        return true;
    }
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

static bool is_kept(const struct ingest_sandbox *sandbox, int parent, int fd)
{
    bool is_one = fd == parent;
    for (size_t i = 0; i < sandbox->file_count; i++) {
        is_one = is_one || sandbox->files[i] == fd;
    }
    return is_one;
}

static void close_others(const struct ingest_sandbox *sandbox, int parent)
{
    const int most = (int)sysconf(_SC_OPEN_MAX);
    for (int fd = STDERR_FILENO + 1; fd < most; fd++) {
        if (!is_kept(sandbox, parent, fd)) {
            close(fd);
        }
    }
}

/* Whatever else runs on this machine comes first. */
static void stand_back(void)
{
    enum { WHO_PROCESS = 1, CLASS_IDLE = 3, CLASS_SHIFT = 13, NICE_MOST = 19 };
    const struct sched_param none = {0};
    (void)setpriority(PRIO_PROCESS, 0, NICE_MOST);
    (void)sched_setscheduler(0, SCHED_IDLE, &none);
    (void)syscall(SYS_ioprio_set, WHO_PROCESS, 0, CLASS_IDLE << CLASS_SHIFT);
}

static void be_child(const struct ingest_sandbox *sandbox, int parent, pid_t parent_pid)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_DFL);
    }
    signal(SIGPIPE, SIG_IGN);
    close_others(sandbox, parent);
    if (sandbox->stands_back) {
        stand_back();
    }
    /* A change of user takes back what is said of the parent's death. */
    const bool is_walled = set_limits(sandbox) && drop_privileges() &&
                           prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent_pid &&
                           prctl(PR_SET_DUMPABLE, 0) == 0 &&
                           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && shut_system_calls();
    if (!is_walled) {
        _exit(FAILED);
    }
    sandbox->work(sandbox->work_context, parent);
    _exit(EXIT_SUCCESS);
}

bool ingest_sandbox_say(int parent, const void *message, size_t size)
{
    ssize_t put;
    do {
        put = write(parent, message, size);
    } while (put < 0 && errno == EINTR);
    return put == (ssize_t)size;
}

/* --- In the parent ------------------------------------------------------------------------ */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Hears the child until it ends, or is to end. */
static enum ingest_sandbox_end listen_to(const struct ingest_sandbox *sandbox, int child,
                                         void *message)
{
    int64_t heard_ms = now_ms();
    for (;;) {
        struct pollfd ready = {.fd = child, .events = POLLIN};
        const bool is_ready = poll(&ready, 1, ASK_MS) > 0;
        const ssize_t got = is_ready ? read(child, message, sandbox->message_size) : 0;
        const bool is_message = got == (ssize_t)sandbox->message_size;
        if (is_ready && !is_message && (got >= 0 || errno != EINTR)) {
            return SANDBOX_DONE;
        }
        heard_ms = is_message ? now_ms() : heard_ms;
        if (!sandbox->hear(sandbox->hear_context, is_message ? message : NULL)) {
            return SANDBOX_STOPPED;
        }
        if (now_ms() - heard_ms > (int64_t)sandbox->silent_s * 1000) {
            return SANDBOX_SILENT;
        }
    }
}

/* Ends the child if it has not.  0 and how it ended, or -errno. */
static int wait_for(pid_t pid, enum ingest_sandbox_end *end)
{
    int status = 0;
    if (*end != SANDBOX_DONE) {
        kill(pid, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == FAILED) {
        return -ENOTSUP;
    }
    if (*end == SANDBOX_DONE && WIFSIGNALED(status)) {
        const int number = WTERMSIG(status);
        const bool is_asked = number == SIGINT || number == SIGTERM || number == SIGHUP;
        *end = is_asked            ? SANDBOX_STOPPED
               : number == SIGXCPU ? SANDBOX_OUT_OF_TIME
                                   : SANDBOX_CRASHED;
    } else if (*end == SANDBOX_DONE && status != 0) {
        *end = SANDBOX_CRASHED;
    }
    return 0;
}

int ingest_sandbox_run(const struct ingest_sandbox *sandbox, enum ingest_sandbox_end *end)
{
    int ends[2];
    void *message = malloc(sandbox->message_size);
    const pid_t self = getpid();
    if (message == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        free(message);
        return -errno;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        be_child(sandbox, ends[1], self);
    }
    const int error = errno;
    close(ends[1]);
    int result = pid < 0 ? -error : 0;
    if (result == 0) {
        *end = listen_to(sandbox, ends[0], message);
        result = wait_for(pid, end);
    }
    close(ends[0]);
    free(message);
    return result;
}
