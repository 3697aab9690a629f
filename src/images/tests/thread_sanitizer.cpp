// libvips has threads of its own, ordered by glib's locks, which are made of futexes: the thread sanitizer sees neither
// these nor what the libraries do in between, and would report every copy of a pixel. What they do among themselves is
// passed over; our own code is looked at as ever. Linked into each test that lets libvips work.
#if __has_feature(thread_sanitizer)

extern "C" const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }

#endif
