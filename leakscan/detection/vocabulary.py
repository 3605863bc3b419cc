"""Words of code, configuration and prose that say nothing about what a value is."""

# They stand between a name and its value: types, string prefixes, wrappers, markup.
NOISE = frozenset(
    """
    string str nsstring varchar2 nvarchar nvarchar2 text varchar char const var let val final static public
    private protected readonly internal new some option optional box of from into to_string tostring toowned
    to_owned as is by lazy the equals eq dim string_view wchar_t cstr std tchar wstring number object any
    unknown nonnull nullable self.class byte bytes b r u f l n s q qq at btoa atob buffer.from base64 b64encode
    b64 encode strdup sprintf format fmt.sprintf td tr th span code strong li p div dd dt input param key dict
    array entry plist pre em samp tt kbd a i quot u0022 x22 amp lt gt nbsp json.dumps json.stringify
    encodeuricomponent urlencode literal raw verbatim type class placeholder constructor-arg
    convertto-securestring pic x xml:space preserve autocomplete maxlength size hidden utf utf8 echo print puts
    and then currently still set default_value sensitive cdata translatable formatted
    qstringliteral qlatin1string qlatin1stringview qbytearrayliteral qbytearray qstring wxt wxstring tstring _t
    std::string std::wstring std::string_view string::from cstring
    true false read xsi:type xsd:string u8 ist lautet est
    """.split()
)

# They say "the value of what was named just before": the name may stand beyond a line or a statement.
VALUE_WORDS = frozenset(
    """
    value values val setvalue set_value defaultvalue default default_value content contents data string
    stringvalue currentvalue initialvalue plaintext body text example
    valor valeur valore wert waarde wartosc hodnota varde verdi arvo deger znachenie
    """.split()
)

# They stand in a name and tell nothing about what it holds.
NEUTRAL = frozenset(
    """
    const let var val private public protected static final readonly internal string str nsstring char my our
    the self this config cfg conf configuration settings setting options option opts params props properties env
    environ environment process test tests testing prod production dev development develop live staging stage
    stg qa uat sandbox demo local main primary secondary master old new current default fallback real backup
    legacy second first account acct client user sms phone messaging message voice call calls api app
    application service server backend system global value web site rest get set put add define def fn func
    function is are was as return export exports import type field attr attribute data object obj instance inst class
    module name item param argument arg b c d e f g h i j k
    l m o p q r s t u v w y z a an of for with and auto constexpr nonisolated lateinit
    companion override virtual unsigned mut pub use input variable constant property secrets java js ts python ruby php
    go swift dart kotlin tw using via by in on to it its authorization authentication basic http https header
    headers temp tmp here hardcoded value1 value2 one two three run shell sh bash cmd echo heroku docker kubectl
    setx dim putenv setenv getenv fetch lookup literal with_default quot nbsp tsx jsx end begin authenticator gc
    lv gv ls lc mc sz psz lp ws cs
    und das der die dem den mein meine unser unsere ist et le la les un une mon ma votre el los las mi su il lo het een
    prueba pruebas produccion principal secundario teste producao cuenta compte konto chave
    """.split()
)

# What is said in brackets behind a name, where it tells but which of several is meant.
ASIDES = NEUTRAL | frozenset(
    """
    website web mobile ios os android us eu uk de us1 ie1 au1 backend frontend shop store subaccount sub parent region
    produktion hauptkonto unterkonto konto alt neu aktuell rotated revoked expired twilio segment sendgrid
    nouveau ancien principale nuevo nueva viejo
    """.split()
)
