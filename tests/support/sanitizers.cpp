// What the sanitizers cannot see, in every test that they run.
extern "C" {

// GLib and librdkafka order their threads by futexes and atomic counters of their own, so what their code does, and
// that of the libraries which draw text by it, is not watched: reports of their own frames say nothing. The same goes
// for libdate-tz, which reads its zones once, behind guards that it has compiled in. What our code does is watched.
const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
  return "race:librdkafka.so\n"
         "called_from_lib:libdate-tz.so\n"
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

// fontconfig keeps its patterns by pointers that it has encoded: they look lost. Its memory does not grow (3,000 PDFs
// of changing names: 24 MB from the 500th on).
const char* __lsan_default_suppressions() { return "leak:libfontconfig.so\n"; }  // NOLINT(bugprone-reserved-identifier)

}  // extern "C"
