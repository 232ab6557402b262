package bot

// gateWords are what the bot says of requests that come to no answer, or have
// not come to one yet.
type gateWords struct {
	// What is wrong with a request.
	unknown       string
	noText        string
	askMe         string // to a message that asks nothing
	nothingToRead string
	tooLong       string // %d is the most, in characters
	unreadable    string

	// Who may do what where.
	notHere     string
	noRole      string
	adminsOnly  string
	serversOnly string
	notYours    string
	noAnswer    string

	// How much.
	youTooOften    count // %d is seconds
	serverTooOften count // %d is seconds
	tooFast        string
	lineFull       string
	waitsAlready   string

	// What goes on.
	inLine  string // %d is the place
	looking count  // %d is articles

	// What went wrong.
	trouble    string
	tooSlow    string
	restarting string
}

func gateWordsIn(l Language) gateWords {
	switch l {
	case German:
		return germanGate()
	case French:
		return frenchGate()
	case Spanish:
		return spanishGate()
	case Japanese:
		return japaneseGate()
	}
	return englishGate()
}

func englishGate() gateWords {
	return gateWords{
		unknown:       "I do not know this button or command any more. Please ask again with /ask.",
		noText:        "There is nothing to read in that. Please write what you would like to know.",
		askMe:         "Ask me a question about the news, in a message like this or with /ask. /help says more.",
		nothingToRead: "There is no text in that message that I could check.",
		tooLong:       "That is too long. Please keep it to %d characters.",
		unreadable:    "That text was damaged on its way to me. Please type it again.",

		notHere:     "I do not answer in this place. /help says where I do.",
		noRole:      "You need a role for that which you do not have. Please ask those who manage this server.",
		adminsOnly:  "Only those who manage this server can do that.",
		serversOnly: "That works in a server only.",
		notYours:    "Only the person who asked can do that.",
		noAnswer:    "I know no such answer here. It may have been deleted; please ask again with /ask.",

		youTooOften:    count{"You have asked as much as you can in a minute. Please try again in %d second.", "You have asked as much as you can in a minute. Please try again in %d seconds."},
		serverTooOften: count{"This server has asked as much as it can in a minute. Please try again in %d second.", "This server has asked as much as it can in a minute. Please try again in %d seconds."},
		tooFast:        "That was a lot at once. Please wait a minute.",
		lineFull:       "Too many questions are waiting just now. Please try again in a minute.",
		waitsAlready:   "Your earlier questions are still waiting. Please ask this one when they are answered.",

		inLine:  "You are number %d in line.",
		looking: count{"Looking through %d article…", "Looking through %d articles…"},

		trouble:    "Sorry, something went wrong on my side. Please try again in a moment.",
		tooSlow:    "Sorry, that took too long and I had to stop. Please try again.",
		restarting: "I am being restarted. Please ask again in a minute.",
	}
}

func germanGate() gateWords {
	return gateWords{
		unknown:       "Diesen Knopf oder Befehl kenne ich nicht mehr. Bitte frag noch einmal mit /fragen.",
		noText:        "Da steht nichts, was ich lesen kann. Bitte schreib, was du wissen möchtest.",
		askMe:         "Stell mir eine Frage zu den Nachrichten, in einer Nachricht wie dieser oder mit /fragen. Mehr dazu sagt /hilfe.",
		nothingToRead: "In dieser Nachricht steht kein Text, den ich prüfen könnte.",
		tooLong:       "Das ist zu lang. Bitte schreib höchstens %d Zeichen.",
		unreadable:    "Der Text ist beschädigt bei mir angekommen. Bitte gib ihn noch einmal ein.",

		notHere:     "Hier antworte ich nicht. /hilfe sagt dir, wo ich es tue.",
		noRole:      "Dafür brauchst du eine Rolle, die du nicht hast. Bitte wende dich an die Leute, die diesen Server verwalten.",
		adminsOnly:  "Das kann nur, wer diesen Server verwaltet.",
		serversOnly: "Das geht nur auf einem Server.",
		notYours:    "Das kann nur, wer die Frage gestellt hat.",
		noAnswer:    "Diese Antwort kenne ich hier nicht. Vielleicht wurde sie gelöscht; bitte frag noch einmal mit /fragen.",

		youTooOften:    count{"Mehr Fragen kannst du in einer Minute nicht stellen. Bitte versuch es in %d Sekunde noch einmal.", "Mehr Fragen kannst du in einer Minute nicht stellen. Bitte versuch es in %d Sekunden noch einmal."},
		serverTooOften: count{"Mehr Fragen kann dieser Server in einer Minute nicht stellen. Bitte versuch es in %d Sekunde noch einmal.", "Mehr Fragen kann dieser Server in einer Minute nicht stellen. Bitte versuch es in %d Sekunden noch einmal."},
		tooFast:        "Das war viel auf einmal. Bitte warte eine Minute.",
		lineFull:       "Im Augenblick warten zu viele Fragen. Bitte versuch es in einer Minute noch einmal.",
		waitsAlready:   "Deine früheren Fragen warten noch. Bitte stell diese, wenn sie beantwortet sind.",

		inLine:  "Du bist Nummer %d in der Warteschlange.",
		looking: count{"Ich sehe %d Artikel durch …", "Ich sehe %d Artikel durch …"},

		trouble:    "Entschuldige, bei mir ist etwas schiefgegangen. Bitte versuch es gleich noch einmal.",
		tooSlow:    "Entschuldige, das hat zu lange gedauert, und ich musste abbrechen. Bitte versuch es noch einmal.",
		restarting: "Ich werde gerade neu gestartet. Bitte frag in einer Minute noch einmal.",
	}
}

func frenchGate() gateWords {
	return gateWords{
		unknown:       "Je ne connais plus ce bouton ou cette commande. Posez votre question avec /demander.",
		noText:        "Il n'y a rien à lire ici. Écrivez ce que vous voulez savoir.",
		askMe:         "Posez-moi une question sur l'actualité, dans un message comme celui-ci ou avec /demander. /aide en dit plus.",
		nothingToRead: "Ce message ne contient aucun texte que je puisse vérifier.",
		tooLong:       "C'est trop long. Ne dépassez pas %d caractères.",
		unreadable:    "Ce texte m'est parvenu endommagé. Saisissez-le de nouveau.",

		notHere:     "Je ne réponds pas ici. /aide indique où je réponds.",
		noRole:      "Il faut pour cela un rôle que vous n'avez pas. Adressez-vous aux personnes qui gèrent ce serveur.",
		adminsOnly:  "Seules les personnes qui gèrent ce serveur peuvent le faire.",
		serversOnly: "Cela ne fonctionne que sur un serveur.",
		notYours:    "Seule la personne qui a posé la question peut le faire.",
		noAnswer:    "Je ne connais pas cette réponse ici. Elle a peut-être été supprimée ; posez la question avec /demander.",

		youTooOften:    count{"Vous avez atteint le nombre de questions possible en une minute. Réessayez dans %d seconde.", "Vous avez atteint le nombre de questions possible en une minute. Réessayez dans %d secondes."},
		serverTooOften: count{"Ce serveur a atteint le nombre de questions possible en une minute. Réessayez dans %d seconde.", "Ce serveur a atteint le nombre de questions possible en une minute. Réessayez dans %d secondes."},
		tooFast:        "Cela fait beaucoup d'un coup. Patientez une minute.",
		lineFull:       "Trop de questions attendent en ce moment. Réessayez dans une minute.",
		waitsAlready:   "Vos questions précédentes attendent encore. Posez celle-ci quand elles auront leur réponse.",

		inLine:  "Vous êtes au rang %d dans la file d'attente.",
		looking: count{"Je parcours %d article…", "Je parcours %d articles…"},

		trouble:    "Désolé, quelque chose n'a pas marché de mon côté. Réessayez dans un instant.",
		tooSlow:    "Désolé, cela a pris trop de temps et j'ai dû arrêter. Réessayez.",
		restarting: "Je redémarre. Posez votre question de nouveau dans une minute.",
	}
}

func spanishGate() gateWords {
	return gateWords{
		unknown:       "Ya no conozco ese botón o comando. Pregunta de nuevo con /preguntar.",
		noText:        "Ahí no hay nada que leer. Escribe lo que quieres saber.",
		askMe:         "Hazme una pregunta sobre las noticias, en un mensaje como este o con /preguntar. Hay más en /ayuda.",
		nothingToRead: "En ese mensaje no hay ningún texto que pueda comprobar.",
		tooLong:       "Es demasiado largo. Usa como máximo %d caracteres.",
		unreadable:    "Ese texto me llegó dañado. Escríbelo de nuevo.",

		notHere:     "Aquí no respondo. /ayuda dice dónde lo hago.",
		noRole:      "Para eso hace falta un rol que no tienes. Habla con quienes administran este servidor.",
		adminsOnly:  "Solo pueden hacerlo quienes administran este servidor.",
		serversOnly: "Eso solo funciona en un servidor.",
		notYours:    "Solo puede hacerlo quien hizo la pregunta.",
		noAnswer:    "Aquí no conozco esa respuesta. Quizá se borró; pregunta de nuevo con /preguntar.",

		youTooOften:    count{"Has llegado al máximo de preguntas por minuto. Inténtalo de nuevo en %d segundo.", "Has llegado al máximo de preguntas por minuto. Inténtalo de nuevo en %d segundos."},
		serverTooOften: count{"Este servidor ha llegado al máximo de preguntas por minuto. Inténtalo de nuevo en %d segundo.", "Este servidor ha llegado al máximo de preguntas por minuto. Inténtalo de nuevo en %d segundos."},
		tooFast:        "Eso fue mucho de una vez. Espera un minuto.",
		lineFull:       "Ahora mismo esperan demasiadas preguntas. Inténtalo de nuevo en un minuto.",
		waitsAlready:   "Tus preguntas anteriores todavía esperan. Haz esta cuando tengan respuesta.",

		inLine:  "Eres el número %d en la cola.",
		looking: count{"Buscando en %d artículo…", "Buscando en %d artículos…"},

		trouble:    "Perdona, algo falló por mi parte. Inténtalo de nuevo en un momento.",
		tooSlow:    "Perdona, tardó demasiado y tuve que parar. Inténtalo de nuevo.",
		restarting: "Me están reiniciando. Pregunta de nuevo en un minuto.",
	}
}

func japaneseGate() gateWords {
	return gateWords{
		unknown:       "このボタンまたはコマンドは、もう使えません。/質問 でもう一度お尋ねください。",
		noText:        "読み取れる文字がありません。知りたいことを書いてください。",
		askMe:         "ニュースについての質問を、このようなメッセージか /質問 でお寄せください。詳しくは /ヘルプ をご覧ください。",
		nothingToRead: "そのメッセージには、確かめられる文章がありません。",
		tooLong:       "長すぎます。%d文字以内にしてください。",
		unreadable:    "文章が壊れて届きました。もう一度入力してください。",

		notHere:     "ここではお答えできません。どこで使えるかは /ヘルプ をご覧ください。",
		noRole:      "それには、あなたにないロールが必要です。このサーバーの管理者にお尋ねください。",
		adminsOnly:  "それができるのは、このサーバーの管理者だけです。",
		serversOnly: "それはサーバーの中でだけ使えます。",
		notYours:    "それができるのは、質問した本人だけです。",
		noAnswer:    "その回答はここでは見つかりません。削除されたのかもしれません。/質問 でもう一度お尋ねください。",

		youTooOften:    count{"1分間に質問できる回数に達しました。%d秒後にもう一度お試しください。", "1分間に質問できる回数に達しました。%d秒後にもう一度お試しください。"},
		serverTooOften: count{"このサーバーが1分間に質問できる回数に達しました。%d秒後にもう一度お試しください。", "このサーバーが1分間に質問できる回数に達しました。%d秒後にもう一度お試しください。"},
		tooFast:        "操作が多すぎます。1分ほどお待ちください。",
		lineFull:       "ただいま順番待ちの質問が多すぎます。1分後にもう一度お試しください。",
		waitsAlready:   "前の質問がまだ順番を待っています。その回答が出てからお尋ねください。",

		inLine:  "現在%d番目です。順番が来るまでお待ちください。",
		looking: count{"%d件の記事を調べています…", "%d件の記事を調べています…"},

		trouble:    "申し訳ありません。こちらで問題が起きました。しばらくしてからもう一度お試しください。",
		tooSlow:    "申し訳ありません。時間がかかりすぎたため中止しました。もう一度お試しください。",
		restarting: "再起動しています。1分後にもう一度お尋ねください。",
	}
}
