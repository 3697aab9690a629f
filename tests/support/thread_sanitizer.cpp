// What the thread sanitizer cannot see, in every test that it runs. GLib and librdkafka order their threads by futexes
// and atomic counters of their own, so what their code, and that of the libraries which draw text by it, does is not
// watched: reports of their own frames say nothing. What our code does with them is.
extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
  return "race:librdkafka.so\n"
         "called_from_lib:libglib-2.0.so\n"
         "called_from_lib:libgobject-2.0.so\n"
         "called_from_lib:libpango-1.0.so\n"
         "called_from_lib:libpangocairo-1.0.so\n"
         "called_from_lib:libpangoft2-1.0.so\n"
         "called_from_lib:libcairo.so\n"
         "called_from_lib:libfontconfig.so\n"
         "called_from_lib:libharfbuzz.so\n"
         "called_from_lib:libfreetype.so\n";
}
