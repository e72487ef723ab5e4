#ifndef GATEHOUSE_CMARIADB_SHIM_H
#define GATEHOUSE_CMARIADB_SHIM_H

#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* fork is hidden from Swift, and posix_spawn can neither change the user nor ask for a signal at the parent's death.
 * Between fork and exec only async-signal-safe calls are made. The child: its own session (a terminal's Ctrl-C reaches
 * us alone), no signal blocked or ignored, no descriptor of ours but output, SIGTERM when the calling THREAD ends.
 * Returns the process id, or -1 with errno set. */
static inline pid_t CMariaDB_spawn(const char *path, char *const argv[], char *const envp[], int output,
                                   int change_user, uid_t user, gid_t group) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0) return child;
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) _exit(126);
    syscall(SYS_close_range, 3u, ~0u, 0u);
    if (change_user && (setgroups(0, NULL) != 0 || setgid(group) != 0 || setuid(user) != 0)) _exit(126);
    /* After setuid, which would clear it; and the parent may have died before it was set. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent) _exit(126);
    umask(0077);
    execve(path, argv, envp);
    _exit(127);
}

/* Only declared with _GNU_SOURCE. Writes all of the file system of `descriptor` to the disk. */
static inline int CMariaDB_syncfs(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}

#endif
