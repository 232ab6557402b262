package main

import (
	"context"
	"encoding/hex"

	"footnote/bot"
	"footnote/prompts"
	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// latest is what --follow says where it names no answer.
const latest = "last"

// addFollow adds --follow, which may stand without a value.
func (a *app) addFollow(cmd *cobra.Command, id *string) {
	cmd.Flags().StringVar(id, "follow", "", "go on from the last answer, or from that of `ID`")
	cmd.Flags().Lookup("follow").NoOptDefVal = latest
	_ = cmd.RegisterFlagCompletionFunc("follow", a.completeAnswers) // fails only for a flag that is not there
}

// checkFollow refuses a --follow whose id is missing or stands apart from it,
// where it would be taken for the question's first word.
func checkFollow(cmd *cobra.Command, id string, args []string) error {
	switch {
	case id == "" && cmd.Flags().Changed("follow"):
		return usage("see: footnote ask --help", "--follow= needs the id of an answer; without the equals sign it is the last one")
	case id == latest && len(args) > 1 && isAnswerID(args[0]):
		return usage("write: --follow="+args[0], "the id of an answer stands after an equals sign")
	}
	return nil
}

// isAnswerID says whether word has the form of a whole id.
func isAnswerID(word string) bool {
	id, err := hex.DecodeString(word)
	return err == nil && len(id) == 6
}

// conversation is what a question that follows an answer goes on from: the
// turns up to that answer, the oldest first, and its whole id. There is none
// to go on from if follow is "".
func conversation(ctx context.Context, store *retrieval.Store, follow string) (turns []prompts.Turn, id string, err error) {
	switch follow {
	case "":
		return nil, "", nil
	case latest:
		follow = "" // which is what remembered calls it
	}
	answer, err := remembered(ctx, store, follow)
	if err != nil {
		return nil, "", err
	}
	return bot.Conversation(ctx, store, answer), answer.ID, nil
}
