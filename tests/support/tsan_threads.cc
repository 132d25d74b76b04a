// Linked into tests of the thread sanitizer alone. librdkafka uses C11's threads, which the sanitizer of clang 14 does
// not know: a thread that it did not see start crashes in the first instrumented callback, and what a message's queue
// orders would look like a race. These stand in front of the C library's and do the same by way of POSIX, whose
// functions glibc's C11 ones are as well (thrd_t is pthread_t, mtx_t and cnd_t are initialised as their counterparts).
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <memory>

namespace {

struct Start {
    thrd_start_t run;
    void* argument;
};

void* begin(void* given) {
    const std::unique_ptr<Start> start(static_cast<Start*>(given));
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(start->run(start->argument)));
}

int done(int error) { return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error; }
pthread_mutex_t* posix(mtx_t* mutex) { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* posix(cnd_t* condition) { return reinterpret_cast<pthread_cond_t*>(condition); }

}  // namespace

extern "C" {

// librdkafka counts references in ways that the sanitizer cannot see: what its own calls touch is not looked at.
const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() { return "called_from_lib:librdkafka.so.1\n"; }

int thrd_create(thrd_t* thread, thrd_start_t run, void* argument) {
    auto start = std::make_unique<Start>(Start{run, argument});
    const int error = pthread_create(thread, nullptr, begin, start.get());
    if (error == 0) static_cast<void>(start.release());
    return done(error);
}

int thrd_join(thrd_t thread, int* result) {
    void* returned = nullptr;
    const int error = pthread_join(thread, &returned);
    if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
    return done(error);
}

int mtx_lock(mtx_t* mutex) { return done(pthread_mutex_lock(posix(mutex))); }
int mtx_unlock(mtx_t* mutex) { return done(pthread_mutex_unlock(posix(mutex))); }
int cnd_signal(cnd_t* condition) { return done(pthread_cond_signal(posix(condition))); }
int cnd_broadcast(cnd_t* condition) { return done(pthread_cond_broadcast(posix(condition))); }
int cnd_wait(cnd_t* condition, mtx_t* mutex) { return done(pthread_cond_wait(posix(condition), posix(mutex))); }
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    return done(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}

}  // extern "C"
