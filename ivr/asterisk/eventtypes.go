package asterisk

// boring are the event types of Asterisk 22 (rest-api/api-docs/events.json)
// that tell us nothing. A type that stands neither here nor in interesting is
// counted as unknown.
var boring = map[string]bool{
	"ApplicationMoveFailed": true, "ApplicationRegistered": true, "ApplicationUnregistered": true,
	"BridgeAttendedTransfer": true, "BridgeBlindTransfer": true, "BridgeCreated": true,
	"BridgeDestroyed": true, "BridgeMerged": true, "BridgeVideoSourceChanged": true,
	"ChannelCallerId": true, "ChannelConnectedLine": true, "ChannelCreated": true,
	"ChannelDialplan": true, "ChannelEnteredBridge": true,
	"ChannelLeftBridge": true, "ChannelTalkingFinished": true, "ChannelTalkingStarted": true,
	"ChannelToneDetected": true,
	"ChannelVarset":       true, "ContactInfo": true,
	"ContactStatusChange": true, "DeviceStateChanged": true,
	"MissingParams": true, "Peer": true, "PeerStatusChange": true,
	"PlaybackContinuing": true, "PlaybackStarted": true,
	"RecordingStarted": true, "TextMessageReceived": true,
}
