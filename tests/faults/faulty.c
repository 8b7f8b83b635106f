/* A system that fails for files whose path holds a word: preloaded (LD_PRELOAD) into a process.
 *
 * FAULT_CALL   open, read or flock: the call that fails
 * FAULT_NUMBER the error number
 * FAULT_FILE   the word in the path
 * FAULT_AFTER  bytes of a file that can be read before reading fails (0 without it)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *call, const char *path) {
    const char *which = getenv("FAULT_CALL"), *word = getenv("FAULT_FILE");
    if (!which || !word || strcmp(which, call) || !path || !strstr(path, word)) return 0;
    errno = atoi(getenv("FAULT_NUMBER"));
    return 1;
}

static int fails_at(const char *call, int fd, off_t place) {
    char link[64], path[4096];
    const char *after = getenv("FAULT_AFTER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0 || place < (after ? atol(after) : 0)) return 0;
    path[size] = 0;
    return fails(call, path);
}

#define REAL(type, name, ...) ((type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))
#define MODE mode_t mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) {
    MODE; return fails("open", path) ? -1 : REAL(int, "open", const char *, int, mode_t)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE; return fails("open", path) ? -1 : REAL(int, "open64", const char *, int, mode_t)(path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    MODE; return fails("open", path) ? -1 : REAL(int, "openat", int, const char *, int, mode_t)(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    MODE; return fails("open", path) ? -1 : REAL(int, "openat64", int, const char *, int, mode_t)(at, path, flags, mode);
}
FILE *fopen(const char *path, const char *mode) {
    return fails("open", path) ? NULL : REAL(FILE *, "fopen", const char *, const char *)(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
    return fails("open", path) ? NULL : REAL(FILE *, "fopen64", const char *, const char *)(path, mode);
}
size_t fread(void *to, size_t size, size_t n, FILE *file) {
    if (fails_at("read", fileno(file), ftello(file))) return 0;
    return REAL(size_t, "fread", void *, size_t, size_t, FILE *)(to, size, n, file);
}
ssize_t read(int fd, void *to, size_t n) {
    if (fails_at("read", fd, lseek(fd, 0, SEEK_CUR) + (off_t)n)) return -1;
    return REAL(ssize_t, "read", int, void *, size_t)(fd, to, n);
}
ssize_t pread(int fd, void *to, size_t n, off_t place) {
    return fails_at("read", fd, place + n) ? -1 : REAL(ssize_t, "pread", int, void *, size_t, off_t)(fd, to, n, place);
}
ssize_t pread64(int fd, void *to, size_t n, off_t place) {
    return fails_at("read", fd, place + n) ? -1 : REAL(ssize_t, "pread64", int, void *, size_t, off_t)(fd, to, n, place);
}
int flock(int fd, int operation) {
    return fails_at("flock", fd, 1 << 30) ? -1 : REAL(int, "flock", int, int)(fd, operation);
}
