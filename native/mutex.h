// A mutex for static objects: std::mutex has a destructor in some C++ libraries (libc++), which would run at the exit
// of the process, when other threads may still hold it, or after the addon was unloaded.
#pragma once
#include <pthread.h>

struct Mutex {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
};

class Lock {
public:
  explicit Lock(Mutex &guarded) : mutex(&guarded.mutex) { pthread_mutex_lock(mutex); }
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;
  ~Lock() { pthread_mutex_unlock(mutex); }

private:
  pthread_mutex_t *mutex;
};
